/** Why a workspace could not be opened. */
export type StartErrorCode =
  | 'DATA_LOCKED'
  | 'DATA_NEWER'
  | 'DATA_CORRUPT'
  | 'DATA_READ_ONLY'
  | 'DISK_FULL'
  | 'KEY_MISMATCH'
  | 'PORT_IN_USE';

/** The engine cannot start; the message is one sentence that says what to change. Nothing on disk was altered. */
export class StartError extends Error {
  override readonly name = 'StartError';
  readonly code: StartErrorCode;

  constructor(code: StartErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
