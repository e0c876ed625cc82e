import { refuse, type Server } from '@arclight/server'

/** Who is no owner writes no links, neither at first nor by an edit. Returns the undo. */
export function refuseLinks(server: Server): () => void {
  const hasLink = (text: string) => /https?:\/\//i.test(text)
  return server.use({
    'message.send': ({ data, user }, next) =>
      user.role !== 'owner' && hasLink(data.text) ? refuse('forbidden', 'no links here') : next(),
    'message.edit': ({ data, user }, next) =>
      user.role !== 'owner' && hasLink(data.text) ? refuse('forbidden', 'no links here') : next(),
  })
}

/** Puts stars for a word, before the message is stored. */
export function maskWord(server: Server, word: string): () => void {
  return server.use({
    'message.send': ({ data }, next) => next({ ...data, text: data.text.replaceAll(word, '*'.repeat(word.length)) }),
  })
}

/** Tells of every request that hooks see how long it took, and whether it was refused. */
export function timeRequests(
  server: Server,
  tell: (line: { type: string; user: string; ms: number; ok: boolean }) => void,
): () => void {
  return server.use(async (request, next) => {
    const type = request.type === 'family' ? request.name : request.type
    const began = performance.now()
    let ok = false
    try {
      const reply = await next()
      ok = true
      return reply
    } finally {
      tell({ type, user: request.user.id, ms: performance.now() - began, ok })
    }
  })
}

/** Answers `!rules` in the server's own name, once the question is stored. */
export function tellRules(server: Server, rules: string, failed: (error: unknown) => void): () => void {
  return server.on('message', ({ channel, message }) => {
    if (message.author.bot || message.text !== '!rules') return
    server.channels.get(channel.id).send({ text: rules, replyTo: message.seq }).catch(failed)
  })
}
