/** The program cannot start as it is set up; `message` is a sentence for the operator. */
export class SettingError extends Error {
  override readonly name = 'SettingError'
}
