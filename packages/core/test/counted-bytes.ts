/** What a decoder did with bytes that it was given. */
export interface Reads {
  /** Bytes read by index or by iterating, those of views too. */
  count: number
  /** Reads by an index that there is not. */
  outside: number
}

/** The same bytes, of which each read is counted; `view` is as good as a Uint8Array to a decoder that only reads. */
export function countedBytes(
  bytes: Uint8Array,
  reads: Reads = { count: 0, outside: 0 },
): { view: Uint8Array; reads: Reads } {
  const view = new Proxy(bytes, {
    get: (target, key) => {
      if (typeof key === 'string' && /^-?\d+$/.test(key)) {
        reads.count++
        if (!(Number(key) in target)) reads.outside++
        return target[Number(key)]
      }
      if (key === 'subarray') return (from?: number, to?: number) => countedBytes(target.subarray(from, to), reads).view
      if (key === Symbol.iterator) reads.count += target.length
      const value: unknown = Reflect.get(target, key, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  return { view, reads }
}
