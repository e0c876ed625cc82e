#!/usr/bin/env node
// Kept beside the build, so that an install in a fresh checkout, before any build, can link the command.
import '../dist/cli/arclight.js'
