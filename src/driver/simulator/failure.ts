/** What a command of `orbctl` says when it fails, and the exit code it ends with. */
export class Failure extends Error {
  readonly exitCode: number;

  constructor(text: string, exitCode = 1) {
    super(text);
    this.exitCode = exitCode;
  }
}

/** A failure that the service reports: `[-32098] TEXT` (contract 6). */
export function serviceFailure(text: string): Failure {
  return new Failure(`[-32098] ${text}`);
}

/** No machine goes by that name or id (contract 3.3, compared byte for byte by clients). */
export function notFound(selector: string): Failure {
  return serviceFailure(`machine not found: '${selector}'`);
}

/** The service can't be started (contract 3.5). */
export function serviceUnreachable(): Failure {
  return new Failure("start VM: timed out waiting for VM to start");
}
