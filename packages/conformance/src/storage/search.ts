import { expect, test } from 'vitest'
import { type Scene, upTo, type Within } from './scene.ts'

/** Messages by their words. */
export function searchTests(within: Within): void {
  test(
    '[SEARCH-1] a message is found by all of the words, the newest first',
    within(async (scene) => {
      await scene.store(...['tea', 'green tea', 'Tea, black!', 'teapot', 'green'].map(texts(scene)))
      const found = finder(scene)
      expect(await found('tea')).toEqual([3, 2, 1])
      expect(await found('TEA green')).toEqual([2])
      expect(await found('green\ttea')).toEqual([2])
      expect(await found('tea coffee')).toEqual([])
      expect(await found('te')).toEqual([])
    }),
  )

  test(
    '[SEARCH-1] no character of a query is an operator, and one without a word finds nothing',
    within(async (scene) => {
      await scene.store(...['a or b', 'c-d e:f', 'near', "it's 100%", 'x_y'].map(texts(scene)))
      const found = finder(scene)
      expect(await found('a OR c')).toEqual([])
      expect(await found('a or b')).toEqual([1])
      expect(await found('e:f')).toEqual([2])
      expect(await found('c -d')).toEqual([2])
      expect(await found('NEAR(near)')).toEqual([3])
      expect(await found('near*')).toEqual([3])
      expect(await found("it's")).toEqual([4])
      expect(await found('100%')).toEqual([4])
      expect(await found('"near')).toEqual([3])
      for (const query of ['"', '*', "'", '\\', '&|!<->():*', '', ' ', '% _', '--', '\u0001']) {
        expect([query, await found(query)]).toEqual([query, []])
      }
      expect(await found('x \\ y')).toEqual([5])
      expect(await found(`${'tea '.repeat(49)}tea`)).toEqual([])
    }),
  )

  test(
    '[SEARCH-2] words are compared without case and in their compatibility form; runs are found by any part',
    within(async (scene) => {
      await scene.store(
        ...['今天天气很好', 'ÉCOLE ﬁn', '弧 光', 'カタカナ text 한국어', '🍵 and 🎙️', 'हिन्दी में', 'Ａｒｃ', '好好好'].map(
          texts(scene),
        ),
      )
      const found = finder(scene)
      expect(await found('天气')).toEqual([1])
      expect(await found('今天天气很好')).toEqual([1])
      expect(await found('气')).toEqual([1])
      expect(await found('好')).toEqual([8, 1])
      expect(await found('天很')).toEqual([])
      expect(await found('天气 今天')).toEqual([1])
      expect(await found('弧光')).toEqual([])
      expect(await found('弧')).toEqual([3])
      expect(await found('好好')).toEqual([8])
      expect(await found('好好好')).toEqual([8])
      expect(await found('好好好好')).toEqual([])
      expect(await found('école')).toEqual([2])
      expect(await found('ecole')).toEqual([])
      expect(await found('fin')).toEqual([2])
      expect(await found('タカ')).toEqual([4])
      expect(await found('국어 TEXT')).toEqual([4])
      expect(await found('🍵')).toEqual([5])
      expect(await found('🎙')).toEqual([5])
      expect(await found('हिन्दी')).toEqual([6])
      expect(await found('arc')).toEqual([7])
    }),
  )

  test(
    'words of any length and shape are words like others',
    within(async (scene) => {
      const long = 'x'.repeat(180)
      const shapes = ['1.5', '-12', '3e5', 'a.b.example.org', 'mei@example.org', '/usr/lib', 'snake_case', '2e', '0x1f']
      await scene.store(...[...shapes, `${long} end`, 'y'.repeat(4_000), '哈'.repeat(4_000)].map(texts(scene)))
      const found = finder(scene)
      for (const [at, shape] of shapes.entries()) expect([shape, await found(shape)]).toEqual([shape, [at + 1]])
      expect(await found('5')).toEqual([1])
      expect(await found('example')).toEqual([5, 4])
      expect(await found('case')).toEqual([7])
      expect(await found(long)).toEqual([10])
      expect(await found(long.slice(1))).toEqual([])
      expect(await found('哈'.repeat(60))).toEqual([12])
    }),
  )

  test(
    '[SEARCH-4] an edited message is found by its new text alone and keeps its place, a deleted one no more',
    within(async (scene) => {
      const { append, edit, deletion } = { append: scene.store.bind(scene), ...bound(scene) }
      await append(...['old tea', 'tea', 'tea'].map(texts(scene)))
      const found = finder(scene)
      await append(edit(1, 'new tea'))
      expect([await found('old'), await found('new'), await found('tea')]).toEqual([[], [1], [3, 2, 1]])
      await append(deletion(2), edit(3, '!'))
      expect(await found('tea')).toEqual([1])
      await append(edit(3, 'tea again'))
      expect(await found('tea')).toEqual([3, 1])
      await append(scene.message('late', { text: 'tea' }), edit(8, 'coffee'), edit(8, 'tea'))
      expect(await found('tea')).toEqual([8, 3, 1])
      expect(await found('coffee')).toEqual([])
    }),
  )

  test(
    '[SEARCH-3] a search looks in the channels that it is given, and for an author where it is asked to',
    within(async (scene) => {
      const { general, lounge, li, mei } = scene
      const { log, channels } = scene.storage
      const text = 'tea'
      await scene.store(scene.message('a', { text }), scene.message('b', { text, channel: lounge }))
      await scene.store(scene.message('c', { text, author: li }), scene.message('d', { text, channel: lounge }))
      const search = async (more: { channels?: string[]; author?: string } = {}) => {
        const { messages } = await log.search({ query: 'tea', channels: [general, lounge], limit: 9, ...more })
        return messages.map(({ clientId }) => clientId).join('')
      }
      expect(await search()).toBe('dcba')
      expect(await search({ channels: [lounge] })).toBe('db')
      expect(await search({ channels: [] })).toBe('')
      expect(await search({ channels: ['nowhere', general] })).toBe('ca')
      expect(await search({ author: mei })).toBe('dba')
      expect(await search({ author: li, channels: [lounge] })).toBe('')
      await channels.remove(lounge)
      expect(await search({ channels: [general] })).toBe('ca')
    }),
  )

  test(
    '[SEARCH-1] what is found is read in pages, each message once and whole',
    within(async (scene) => {
      const { log } = scene.storage
      await scene.store(
        ...upTo(23).map((at) => scene.message(`m${at}`, { text: `${at % 2 ? 'tea' : 'coffee'} ${at}` })),
      )
      await scene.store(scene.reaction(23, '🍵'), scene.pin(21))
      const seqs: number[] = []
      let before: number | undefined
      let pages = 0
      do {
        const page = await log.search({ query: 'tea', channels: [scene.general], before, limit: 5 })
        seqs.push(...page.messages.map(({ seq }) => seq))
        before = page.next
        pages++
      } while (before !== undefined)
      expect(seqs).toEqual([23, 21, 19, 17, 15, 13, 11, 9, 7, 5, 3, 1])
      expect(pages).toBe(3)
      const { messages, next } = await log.search({ query: 'tea', channels: [scene.general], limit: 12 })
      expect(next).toBeUndefined()
      const all = await scene.messages()
      expect(messages).toEqual(seqs.map((seq) => all[seq - 1]))
    }),
  )
}

function texts(scene: Scene): (text: string, at: number) => ReturnType<Scene['message']> {
  return (text, at) => scene.message(`t${at}`, { text })
}

/** The seqs of what a query finds in general. */
function finder({ storage, general }: Scene): (query: string) => Promise<number[]> {
  return async (query) => {
    const { messages } = await storage.log.search({ query, channels: [general], limit: 50 })
    return messages.map(({ seq }) => seq)
  }
}

function bound(scene: Scene) {
  return { edit: scene.edit.bind(scene), deletion: scene.deletion.bind(scene) }
}
