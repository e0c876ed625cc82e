/** Where the server writes what happened; pino's loggers fit. Nothing secret is ever passed to it. */
export interface Logger {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** Says nothing: the default. */
export const silentLogger: Logger = { info: () => {}, warn: () => {}, error: () => {} }
