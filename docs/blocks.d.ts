// What the reader of a block has already: the handles of the blocks before it, and an interface to show things in.

declare const url: string
declare const password: string
declare const text: string
/** What another system has signed. */
declare const token: string
declare const signal: AbortSignal
declare const client: import('@arclight/client-web').WebClient
declare const bot: import('@arclight/client-node').Client
declare const general: import('@arclight/client-web').Channel
declare const server: import('@arclight/server').Server
declare const video: HTMLVideoElement
declare const picture: File

declare function failed(error: unknown): void
declare function answer(text: string, seq: number): void
declare function show(message: import('@arclight/client-web').Message): void
declare function progress(part: number): void
declare function place(url: string): void
declare function rename(user: string, shown: string): void
declare function refresh(user: string, avatar: string | undefined): void
declare function prepend(messages: readonly import('@arclight/client-web').Message[]): void
declare function light(member: import('@arclight/client-web').Member, speaking: boolean): void
declare function showAsWaiting(text: string): void
declare function explain(error: Error): void
declare function tell(text: string, error: Error): void
declare function tally(
  user: import('@arclight/client-web').UserSummary,
  option: number,
  emit: (type: 'changed', data: { counts: number[] }) => void,
): { counts: number[] }
declare function draw(counts: readonly number[]): void

// The guides to the conformance kit.
declare const child: import('node:child_process').ChildProcess
declare const driver: import('@arclight/conformance/client').ClientUnderTest
declare const fuzzer: { readonly name: string; readonly password: string }
declare const bystander: { readonly name: string; readonly password: string }

declare module 'my-storage' {
  export function myStorage(options: { readonly directory: string }): import('@arclight/core/contracts').Storage
}
