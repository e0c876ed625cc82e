import { tokenSuite } from '@arclight/conformance/tokens'
import { memoryTokenStore } from '@arclight/core'

tokenSuite({ name: 'memory', create: () => memoryTokenStore() })
