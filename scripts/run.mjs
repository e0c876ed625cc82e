import { spawn } from 'node:child_process'
import { root } from './packages.mjs'

/**
 * Runs a Node program from the top folder, its output shown, and resolves with its exit code. Signals reach it by
 * themselves in a terminal; a SIGTERM sent to this process is passed on.
 */
export function runNode(parameters, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, parameters, { cwd: root, stdio: 'inherit', ...options })
    const pass = (signal) => child.kill(signal)
    const ignore = () => {}
    process.on('SIGTERM', pass)
    process.on('SIGINT', ignore)
    child.on('error', reject)
    child.on('exit', (code, signal) => {
      process.off('SIGTERM', pass)
      process.off('SIGINT', ignore)
      resolve(signal ? 1 : (code ?? 1))
    })
  })
}

/** The path of a package's own program, whatever the platform's shell. */
export function bin(name, file) {
  return `${root}node_modules/${name}/${file}`
}
