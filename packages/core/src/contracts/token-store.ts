/** Where a client keeps its session token between runs: "remember me". */
export interface TokenStore {
  load(): Promise<string | undefined>
  save(token: string): Promise<void>
  clear(): Promise<void>
}
