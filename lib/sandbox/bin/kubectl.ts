/** The sandbox's kubectl, for machines that have none: the lesson's commands, with kubectl's words. */
import { ApiError } from '../cli/client.ts'
import { parseFlags } from '../cli/flags.ts'
import { Failed, program } from '../cli/program.ts'
import { apply } from '../kubectl/apply.ts'
import { label, patch } from '../kubectl/change.ts'
import { remove } from '../kubectl/delete.ts'
import { get } from '../kubectl/get.ts'
import { type Command, globalFlags, Session } from '../kubectl/session.ts'
import { clusterInfo, logs, version } from '../kubectl/show.ts'
import { rollout, wait } from '../kubectl/wait.ts'

const commands: Readonly<Record<string, Command>> = {
  apply,
  'cluster-info': clusterInfo,
  delete: remove,
  get,
  label,
  logs,
  patch,
  rollout,
  version,
  wait,
}

const REAL = 'https://kubernetes.io/docs/tasks/tools/'
const USAGE = `kubectl of the sandbox, with the commands of the lesson:

${Object.values(commands)
  .map(({ usage }) => `  kubectl ${usage}`)
  .join('\n')}

Everything else needs the real kubectl: ${REAL}`

await program('error: ', async () => {
  const args = process.argv.slice(2)
  // Flags may stand before the command: their values are no commands.
  const index = args.findIndex((arg, position) => !arg.startsWith('-') && !takesValue(args[position - 1]))
  const word = args[index]
  if (word === undefined || word === 'help') {
    console.log(USAGE)
    return 0
  }
  const command = commands[word]
  if (!command)
    throw new Failed(
      `error: the sandbox's own kubectl does not know "${word}"; it has ${Object.keys(commands).join(', ')}.\nGet the real kubectl: ${REAL}`,
    )
  const line = parseFlags(
    args.filter((_, position) => position !== index),
    { ...globalFlags, ...command.flags },
  )
  if (line.isSet('help')) {
    console.log(`kubectl ${command.usage}`)
    return 0
  }
  const session = new Session(line, line.words)
  try {
    await command.run(session)
    return 0
  } catch (error) {
    throw error instanceof ApiError ? new Failed(serverError(error), { cause: error }) : error
  } finally {
    session.client.close()
  }
})

function takesValue(arg: string | undefined): boolean {
  const name = arg?.replace(/^--?/, '')
  return Object.entries(globalFlags).some(
    ([flag, { type, short }]) => type === 'value' && arg?.startsWith('-') && (name === flag || name === short),
  )
}

/** As kubectl says what the API refused. */
function serverError({ status, message }: ApiError): string {
  return status.reason === 'Invalid'
    ? `The ${status.details?.kind} "${status.details?.name}" is invalid: ${message.replace(/^.*? is invalid: /, '')}`
    : `Error from server (${status.reason ?? 'Unknown'}): ${message}`
}
