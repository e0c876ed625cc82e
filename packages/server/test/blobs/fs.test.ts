import { blobSuite } from '@arclight/conformance/blobs'
import { fsBlobs } from '@arclight/server/blobs/fs'
import { onTestFinished } from 'vitest'
import { temporaryFolder } from '../temporary-folder.ts'

blobSuite({
  name: 'fs',
  create: async () => {
    const folder = await temporaryFolder()
    onTestFinished(() => folder[Symbol.asyncDispose]())
    return fsBlobs({ directory: folder.path })
  },
})
