/** Builds the packages whose inputs changed since their last build. `npm run build -- --force` builds all. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inputHash, packages, root } from './packages.mjs'
import { bin, runNode } from './run.mjs'

/** Builds what is stale, or the one package `only` of it; throws where a build fails. */
export async function build({ force = false, only } = {}) {
  for (const one of packages) {
    if (only !== undefined && one.folder !== only) continue
    const stamp = join(root, one.folder, 'dist', '.built-from')
    const hash = inputHash(one)
    if (!force && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) continue
    console.error(`building ${one.folder}`)
    rmSync(join(root, one.folder, 'dist'), { recursive: true, force: true })
    const code = await runNode([bin('tsup', 'dist/cli-default.js'), '--silent'], { cwd: join(root, one.folder) })
    if (code !== 0) throw new Error(`the build of ${one.folder} failed`)
    writeFileSync(stamp, hash)
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await build({ force: process.argv.includes('--force') })
  } catch (error) {
    console.error(error.message)
    process.exitCode = 1
  }
}
