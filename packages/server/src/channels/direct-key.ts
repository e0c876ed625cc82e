/** What the one direct channel of two users is found again by, whoever of them asks. */
export function pairKey(one: string, other: string): string {
  return JSON.stringify(['pair', ...[one, other].sort()])
}

/** What a group is found again by when whoever made it repeats the request. */
export function groupKey(maker: string, clientId: string): string {
  return JSON.stringify(['group', maker, clientId])
}

export function isPairKey(key: string): boolean {
  return key.startsWith('["pair"')
}
