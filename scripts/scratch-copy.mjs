/** A copy of the working tree where source may be broken, with builds of JavaScript alone. */
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { packages, root } from './packages.mjs'
import { bin } from './run.mjs'

const SCOPE = '@arclight'
/** Packages whose build holds another's code: what it is built from to who is to be built again. */
const BUNDLED_BY = { 'packages/core': ['packages/client-web', 'examples'], 'packages/client-web': ['examples'] }

/** Copies what git knows or would add, and the builds; other packages are linked, the product's own to the copy. */
export function makeScratchCopy() {
  const folder = mkdtempSync(join(tmpdir(), 'arclight-breaks-'))
  const listing = ['ls-files', '-z', '--cached', '--others', '--exclude-standard']
  const files = execFileSync('git', listing, { cwd: root }).toString().split('\0').filter(Boolean)
  for (const file of files) {
    if (!existsSync(join(root, file))) continue
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    cpSync(join(root, file), join(folder, file))
  }
  for (const { folder: one } of packages) {
    cpSync(join(root, one, 'dist'), join(folder, one, 'dist'), { recursive: true })
    cpSync(join(root, one, 'dist'), cleanBuild(folder, one), { recursive: true })
  }
  for (const modules of ['.', ...packages.map((one) => one.folder)].map((one) => join(one, 'node_modules'))) {
    if (existsSync(join(root, modules))) linkModules(join(root, modules), join(folder, modules))
  }
  mkdirSync(join(folder, 'node_modules', SCOPE))
  for (const one of readdirSync(join(root, 'packages'))) {
    symlinkSync(join(folder, 'packages', one), join(folder, 'node_modules', SCOPE, one))
  }
  return folder
}

function linkModules(from, to) {
  mkdirSync(to, { recursive: true })
  for (const name of readdirSync(from)) {
    if (name !== SCOPE && !name.startsWith('.')) symlinkSync(join(from, name), join(to, name))
  }
}

function cleanBuild(folder, one) {
  return join(folder, '.clean', one)
}

/** The package that a file is part of. */
export function packageOf(file) {
  const found = packages.find(({ folder }) => file.startsWith(`${folder}/`))
  if (!found) throw new Error(`${file} is in no package`)
  return found.folder
}

/** The packages to build anew where `changed` did, for these test files: only the examples run what holds others' code. */
export function affected(changed, testFiles) {
  const bundlers = testFiles.some((file) => file.startsWith('examples/'))
  const all = new Set(changed.flatMap((one) => [one, ...((bundlers && BUNDLED_BY[one]) || [])]))
  return packages.map(({ folder }) => folder).filter((one) => all.has(one))
}

/** Builds the JavaScript of the packages, without types. Throws where a build fails. */
export function rebuild(folder, changed) {
  const command = [bin('tsup', 'dist/cli-default.js'), '--silent', '--no-dts', '--no-sourcemap', '--no-clean']
  for (const one of changed) {
    const { status, stderr } = spawnSync(process.execPath, command, { cwd: join(folder, one), encoding: 'utf8' })
    if (status !== 0) throw new Error(`the build of ${one} failed: ${stderr.trim().split('\n', 1)[0]}`)
  }
}

/** Puts the builds back as they were before `rebuild`. */
export function restoreBuild(folder, changed) {
  for (const one of changed) {
    rmSync(join(folder, one, 'dist'), { recursive: true, force: true })
    cpSync(cleanBuild(folder, one), join(folder, one, 'dist'), { recursive: true })
  }
}
