import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createServer } from '@arclight/server'
import express from 'express'
import { expect, test } from 'vitest'

/** Status and body of a path, without any authentication. */
async function get(url: string): Promise<[status: number, body: unknown, cache: string | null]> {
  const response = await fetch(url)
  return [response.status, await response.json(), response.headers.get('cache-control')]
}

test('[HTTP-1] healthz answers 200 while the process runs, readyz 200 while the server serves and 503 otherwise', async () => {
  const server = createServer()
  const http = createHttpServer(express().use('/chat', server.routes()))
  await once(http.listen(0, '127.0.0.1'), 'listening')
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/chat`
  const states: unknown[] = []
  const look = async (): Promise<unknown> => states.push([await get(`${url}/healthz`), await get(`${url}/readyz`)])
  await look()
  await server.open()
  await look()
  await server.close()
  await look()
  const healthy = [200, { status: 'ok' }, 'no-store']
  expect(states).toEqual([
    [healthy, [503, { status: 'not ready' }, 'no-store']],
    [healthy, [200, { status: 'ready' }, 'no-store']],
    [healthy, [503, { status: 'not ready' }, 'no-store']],
  ])
  http.close()
  http.closeAllConnections()
})

test('[HTTP-1] a server whose storage cannot be opened is not ready', async () => {
  const failure = new Error('no such disk')
  const server = createServer({ storage: { ...(await brokenStorage(failure)) } })
  const http = createHttpServer(express().use(server.routes()))
  server.attach(http)
  await expect(server.open()).rejects.toBe(failure)
  await once(http.listen(0, '127.0.0.1'), 'listening')
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  expect((await get(`${url}/readyz`))[0]).toBe(503)
  expect((await get(`${url}/healthz`))[0]).toBe(200)
  await server.close()
  http.close()
  http.closeAllConnections()
})

async function brokenStorage(failure: Error) {
  const { memoryStorage } = await import('@arclight/server')
  return { ...memoryStorage(), open: () => Promise.reject(failure) }
}
