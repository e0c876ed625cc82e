import type { ReplyData, RequestData, RequestType } from '../protocol/requests.ts'
import type { Connection } from './connection.ts'
import { insist } from './insist.ts'

/** Asks for one page after the other, each when it is wanted. `next` says what the page after one is asked with. */
export async function* pages<Type extends RequestType>(
  connection: Connection,
  type: Type,
  first: RequestData<Type>,
  walk: {
    readonly next: (page: ReplyData<Type>) => Partial<RequestData<Type>> | undefined
    readonly signal: AbortSignal | undefined
  },
): AsyncGenerator<ReplyData<Type>, void, undefined> {
  let data = first
  for (;;) {
    const page = await insist(connection, type, data, { signal: walk.signal })
    yield page
    const more = walk.next(page)
    if (!more) return
    data = { ...data, ...more }
  }
}
