/** A signal that counts who listens to it. */
export function watchedSignal(): { signal: AbortSignal; controller: AbortController; listening: () => number } {
  const controller = new AbortController()
  const { signal } = controller
  const listeners = new Set<unknown>()
  const add = signal.addEventListener.bind(signal)
  const remove = signal.removeEventListener.bind(signal)
  Object.defineProperties(signal, {
    addEventListener: {
      value: (...parameters: Parameters<typeof add>): void => {
        listeners.add(parameters[1])
        add(...parameters)
      },
    },
    removeEventListener: {
      value: (...parameters: Parameters<typeof remove>): void => {
        listeners.delete(parameters[1])
        remove(...parameters)
      },
    },
  })
  return { signal, controller, listening: () => listeners.size }
}
