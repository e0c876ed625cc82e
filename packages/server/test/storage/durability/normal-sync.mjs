/**
 * Imported before a server (`--import`): its storage worker then opens databases with synchronous=NORMAL, which the
 * product cannot be told to do. Shows that what holds it to FULL would notice.
 */
import { register } from 'node:module'

const HOOKS = `
  export async function load(url, context, next) {
    const loaded = await next(url, context)
    if (!url.endsWith('/adapters/storage/sqlite/worker.js')) return loaded
    const source = String(loaded.source)
    if (!source.includes('synchronous = FULL')) throw new Error('expected the worker to say how it syncs')
    return { ...loaded, source: source.replaceAll('synchronous = FULL', 'synchronous = NORMAL') }
  }`

register(`data:text/javascript,${encodeURIComponent(HOOKS)}`)
