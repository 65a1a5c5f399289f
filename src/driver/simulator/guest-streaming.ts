import { type CommandNode, parse, type PipelineNode, type ScriptNode, serialize, type StatementNode } from "just-bash";
import { STREAMS } from "./guest-fs.ts";

type Redirections = CommandNode["redirections"];

/** Commands that steer the shell itself: redirecting them would mean something else. */
const STEERING: ReadonlySet<string> = new Set(
  "break continue return exit set shift trap local export unset readonly source .".split(" "),
);

/**
 * A script whose commands send out what they print as they end (contract 4.2: incremental), byte for byte. The shell
 * of the sandbox itself gives all at its end, and takes bytes for text where it puts them together.
 */
export function streamed(script: string): string {
  try {
    const ast = parse(script);
    const text = serialize({ ...ast, statements: ast.statements.map(streamedStatement) });
    // Not every script survives being written out again: what can't be read is not used.
    parse(text);
    return text;
  } catch {
    // A script with a mistake: the shell says so itself when it comes to it.
    return script;
  }
}

function streamedStatement(statement: StatementNode): StatementNode {
  if (statement.background || statement.deferredError) return statement;
  return { ...statement, pipelines: statement.pipelines.map(streamedPipeline) };
}

function streamedPipeline(pipeline: PipelineNode): PipelineNode {
  const { commands, pipeStderr = [] } = pipeline;
  if (commands.length === 1) return { ...pipeline, commands: commands.map(streamedAlone) };
  const last = commands.length - 1;
  return {
    ...pipeline,
    commands: commands.map((command, at) => {
      if (pipeStderr[at] === true || isSteering(command)) return command;
      return redirected(command, at === last ? toStreams() : toStreams().slice(1));
    }),
  };
}

/** A loop, branch or group whose own commands print one by one; any other as a whole. */
function streamedAlone(command: CommandNode): CommandNode {
  if (isSteering(command)) return command;
  if (command.redirections.length === 0) {
    if (command.type === "If") {
      return {
        ...command,
        clauses: command.clauses.map((clause) => ({ ...clause, body: clause.body.map(streamedStatement) })),
        elseBody: command.elseBody?.map(streamedStatement) ?? null,
      };
    }
    if (command.type !== "FunctionDef" && "body" in command) {
      const apart = { ...command, body: command.body.map(streamedStatement) };
      // A function that ends a subshell takes what it printed past its own redirections: the subshell sends that out.
      return command.type === "Subshell" ? redirected(apart, toStreams()) : apart;
    }
  }
  return redirected(command, toStreams());
}

function isSteering(command: CommandNode): boolean {
  if (command.type === "FunctionDef") return true;
  if (command.type !== "SimpleCommand") return false;
  const [part] = command.name?.parts ?? [];
  if (part?.type === "Literal" && part.value === "exec") return command.args.length === 0;
  return part === undefined || (part.type === "Literal" && STEERING.has(part.value));
}

/** Before a command's own redirections, so that those have the last word. */
function redirected(command: CommandNode, redirections: Redirections): CommandNode {
  return { ...command, redirections: [...redirections, ...command.redirections] };
}

let read: ScriptNode | undefined;

/** Standard output and standard error to the streams. */
function toStreams(): Redirections {
  read ??= parse(`: >>${STREAMS.stdout} 2>>${STREAMS.stderr}`);
  return read.statements[0]?.pipelines[0]?.commands[0]?.redirections ?? [];
}
