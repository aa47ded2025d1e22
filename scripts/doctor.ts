#!/usr/bin/env -S node --import tsx/esm
/** Is this machine ready for the lesson? Each check with its verdict, its reason and the command that mends it. */
import { basename } from 'node:path'
import { EXIT } from '../lib/failure.ts'
import { guarded, wordsAsked } from '../lib/main.ts'

await guarded(async () => {
  const [{ Option }, { checkTarget, parseWith, program, webAddress, withSpeech, withTarget }, { options: words }] =
    await Promise.all([import('commander'), import('../lib/options.ts'), wordsAsked()])
  const script = `./scripts/${basename(import.meta.filename)}`
  const command = withTarget(program(script, words.doctor, words), words)
    .option('--node-image <image>', words.nodeImage)
    .option('--fix', words.fix, false)
    .addOption(new Option('--mirror <url>', words.mirror).env('LAB_MIRROR').argParser(webAddress))
  const options = parseWith<import('../lib/doctor/doctor.ts').DoctorOptions>(
    withSpeech(command, words),
    process.argv.slice(2),
  )
  if (!options) return EXIT.done
  checkTarget(options, words)
  const { examineMachine } = await import('../lib/doctor/doctor.ts')
  return examineMachine(options, script)
})
