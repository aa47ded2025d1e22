#!/usr/bin/env -S node --import tsx/esm
/** Is this machine ready for the lesson? Each check with its verdict, its reason and the command that mends it. */
import { basename } from 'node:path'
import { EXIT } from '../lib/failure.ts'
import { guarded } from '../lib/main.ts'

await guarded(async () => {
  const [{ Command, Option }, { checkTarget, parseWith, webAddress, withSpeech, withTarget }] = await Promise.all([
    import('commander'),
    import('../lib/options.ts'),
  ])
  const script = `./scripts/${basename(import.meta.filename)}`
  const program = withSpeech(withTarget(new Command(script).description('Is this machine ready?')))
    .option('--node-image <image>', 'image of the kind node')
    .option('--fix', 'download kind, kubectl and istioctl into .lab/bin', false)
    .addOption(
      new Option('--mirror <url>', "download from here, each file below its host's name")
        .env('LAB_MIRROR')
        .argParser(webAddress),
    )
  const options = parseWith<import('../lib/doctor/doctor.ts').DoctorOptions>(program, process.argv.slice(2))
  if (!options) return EXIT.done
  checkTarget(options)
  const { examineMachine } = await import('../lib/doctor/doctor.ts')
  return examineMachine(options, script)
})
