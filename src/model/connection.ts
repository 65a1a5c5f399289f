/** How to reach a machine by SSH: OrbStack's one server for all machines, the user telling which (contract 7.4). */
export interface Connection {
  readonly host: string;
  readonly port: number;
  /** `USER@NAME`, or the machine's name alone where its default user is not known. */
  readonly user: string;
  /** Absolute path of the private key. */
  readonly identityFile?: string;
}
