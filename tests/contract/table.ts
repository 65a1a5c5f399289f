import type { ContractCase } from "./case.ts";
import { CHANGING, POWER } from "./cases/changing.ts";
import { CONFIG } from "./cases/config.ts";
import { CREATE } from "./cases/create.ts";
import { FILES } from "./cases/files.ts";
import { READING } from "./cases/reading.ts";
import { RECORDS } from "./cases/records.ts";
import { RULES } from "./cases/rules.ts";
import { RUNNING } from "./cases/running.ts";
import { SERVICE } from "./cases/service.ts";
import { SHAPES } from "./cases/unknown-shapes.ts";
import { UNKNOWN } from "./cases/unknown.ts";
import { VERSIONS, WORLD } from "./cases/world.ts";

/** Every case of the contract, by section. */
export const TABLE: readonly ContractCase[] = [
  ...RULES,
  ...CREATE,
  ...READING,
  ...POWER,
  ...CHANGING,
  ...FILES,
  ...CONFIG,
  ...SERVICE,
  ...RUNNING,
  ...RECORDS,
  ...WORLD,
  ...VERSIONS,
  ...UNKNOWN,
  ...SHAPES,
];
