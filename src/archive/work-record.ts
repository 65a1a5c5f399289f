/** Whose an unfinished export or import is: the record in its folder, and what can be told by it. */
import type { ChildRef } from "../driver/driver.ts";
import { parseStem } from "./archive-name.ts";
import type { WorkPorts } from "./ports.ts";

/** The record's name. */
export const RECORD = "run.json";

/** Who works there, and what for. */
export interface WorkRecord {
  readonly format: 1;
  /** Names the folder of what orbctl prints: twelve hexadecimal digits, so that it can lead nowhere else. */
  readonly run: string;
  readonly machine: { readonly id: string; readonly name: string };
  readonly hostId: string;
  readonly bootId: string;
  readonly pid: number;
  readonly processStart: string;
  /** The process of orbctl; written before it may do anything. */
  readonly child?: ChildRef;
  /** What archive and metadata are to be called; written before either has that name. */
  readonly stem?: string;
}

/** What can be told of unfinished work; `exporting`: Orbform died, and its orbctl is still at work. */
export type WorkStatus =
  | { readonly status: "running" | "exporting" | "left"; readonly record: WorkRecord }
  /** Of another computer, or without a record that can be read. */
  | { readonly status: "not known"; readonly why: string };

/** Judges by the record whether anybody is at work. Never by age. */
export async function judgeRecord(ports: WorkPorts, text: string | undefined): Promise<WorkStatus> {
  const record = text === undefined ? undefined : decodeRecord(text);
  if (record === undefined) return { status: "not known", why: `it has no ${RECORD} that can be read` };
  const { hostId, bootId } = await ports.host();
  if (record.hostId !== hostId) return { status: "not known", why: "it is another computer's" };
  // After another boot every process of the last one is gone, whoever has its pid now.
  if (record.bootId !== "" && bootId !== "" && record.bootId !== bootId) return { status: "left", record };
  const { pid, processStart: startedAt, child } = record;
  if (await ports.processes.isRunning({ pid, startedAt })) return { status: "running", record };
  const isAtWork = child !== undefined && (await ports.processes.isRunning(child));
  return { status: isAtWork ? "exporting" : "left", record };
}

/** The record's text. */
export function encodeRecord(record: WorkRecord): string {
  return `${JSON.stringify(record)}\n`;
}

function decodeRecord(text: string): WorkRecord | undefined {
  try {
    const value: WorkRecord = JSON.parse(text);
    const texts = [value.hostId, value.bootId, value.processStart, value.machine.id, value.machine.name];
    const isSound =
      value.format === 1 && Number.isInteger(value.pid) && texts.every((each) => typeof each === "string");
    const isNamed =
      /^[0-9a-f]{12}$/.test(value.run) && (value.stem === undefined || parseStem(value.stem) !== undefined);
    const isChild = value.child === undefined || Number.isInteger(value.child.pid);
    return isSound && isNamed && isChild ? value : undefined;
  } catch {
    // Nobody of ours wrote this: nothing can be told by it.
    return undefined;
  }
}
