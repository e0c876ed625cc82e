import { RequestError, type WebClient } from '@arclight/client-web'
import { byId, sentence } from './element.ts'

const REFUSALS: Readonly<Record<string, string>> = {
  invalid_credentials: 'That name and password do not fit.',
  conflict: 'That name is taken.',
  registration_closed: 'This server needs its claim code for the first account, or takes no new ones.',
  rate_limited: 'Many people sign in at this moment. Try again in a few seconds.',
}

/** The form that signs in or registers. */
export function signIn(client: WebClient): void {
  const form = byId('sign-in-form', HTMLFormElement)
  const name = byId('name', HTMLInputElement)
  const password = byId('password', HTMLInputElement)
  const claim = byId('claim', HTMLInputElement)
  const problem = byId('sign-in-problem', HTMLElement)
  const claimRow = byId('claim-row', HTMLElement)

  const show = (error: unknown): void => {
    problem.textContent = explain(error)
    if (error instanceof RequestError && error.code === 'registration_closed') claimRow.hidden = false
  }
  const enter = async (way: 'login' | 'register'): Promise<void> => {
    problem.textContent = ''
    form.inert = true
    const account = { name: name.value.trim(), password: password.value }
    try {
      if (way === 'login') await client.login(account)
      else await client.register(claim.value === '' ? account : { ...account, claim: claim.value.trim() })
      password.value = ''
    } catch (error) {
      show(error)
    } finally {
      form.inert = false
    }
  }
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void enter('login')
  })
  byId('register', HTMLButtonElement).addEventListener('click', () => {
    if (form.reportValidity()) void enter('register')
  })
}

function explain(error: unknown): string {
  if (!(error instanceof RequestError)) return sentence(error)
  if (error.reason === 'unsent') return 'The server cannot be reached. Is it running?'
  if (error.code === 'bad_request') {
    return 'A name has 2 to 32 characters, a password at least 8.'
  }
  return REFUSALS[error.code ?? ''] ?? error.message
}
