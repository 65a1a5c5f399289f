#!/usr/bin/env node
// `orbform` for those who start it by its file.
import "./orbform.js";
