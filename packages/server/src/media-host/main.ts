import { createWriteStream } from 'node:fs'
import type { MuxerModule } from '@arclight/core/contracts'
import { HostRecorder } from './host-recorder.ts'
import type { HostReply, HostRequest } from './messages.ts'
import { messageRecord, type PipeRecord, RecordKind, RecordReader } from './pipe-records.ts'

/** Standard output is the muxers' to chatter on; replies have a pipe of their own. */
const REPLIES_FD = 3

const replies = createWriteStream('', { fd: REPLIES_FD })
const recorders = new Map<number, HostRecorder>()
const modules = new Map<string, Promise<MuxerModule>>()

function load(module: string): Promise<MuxerModule> {
  const known = modules.get(module)
  if (known) return known
  const loading = import(module).then((loaded: { default: MuxerModule }) => loaded.default)
  modules.set(module, loading)
  return loading
}

function reply(recorder: number, message: HostReply): void {
  if (message.type === 'closed' || message.type === 'failed') recorders.delete(recorder)
  replies.write(messageRecord(recorder, message))
}

function take({ kind, recorder: id, body }: PipeRecord): void {
  if (kind === RecordKind.frame) return recorders.get(id)?.frame(body)
  const request = JSON.parse(body.toString()) as HostRequest
  if (request.type === 'ping') return reply(id, { type: 'pong' })
  const recorder = recorders.get(id) ?? new HostRecorder(load, (message) => reply(id, message))
  recorders.set(id, recorder)
  recorder.request(request)
}

const reader = new RecordReader()
process.stdin.on('data', (chunk: Buffer) => reader.push(chunk, take))
// The server is gone: what is on disk is repaired by the next one.
process.stdin.on('end', () => process.exit(0))
