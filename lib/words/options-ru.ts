/** То, что `--help` говорит о каждом параметре, и что не так с теми, что не подходят друг к другу; по-русски. */
import type { OptionWords } from './options-en.ts'

export const options: OptionWords = {
  usage: 'Запуск:',
  title: 'Параметры:',
  choices: (choices) => `одно из: ${choices.join(', ')}`,
  byDefault: (value) => `по умолчанию ${value}`,
  fromEnvironment: (variable) => `или переменная ${variable}`,
  help: 'показать эту справку',

  target: 'где идёт урок',
  context: 'существующий кластер, по имени контекста в вашем kubeconfig',
  name: 'имя кластера kind или песочницы',
  port: 'порт страницы на этой машине',
  lang: 'язык',
  verbose: 'показывать стек ошибок и то, чего ждёт скрипт',
  quiet: 'только итоги и ошибки',

  nodeImage: 'образ узла kind',
  list: 'перечислить шаги',
  from: 'начать с этого шага',
  only: 'только этот шаг',
  print: 'вывести команды как shell-скрипт, не выполняя их',
  check: 'только доказать, что верен конец раздела (или шаг из --only); ничего не менять',
  noPrefetch: 'не загружать образы в фоне',
  timeout: 'предел каждого ожидания: 90s, 5m или число секунд',

  doctor: 'Готова ли эта машина?',
  fix: 'скачать kind, kubectl и istioctl в .lab/bin',
  mirror: 'скачивать отсюда, каждый файл — в папке с именем своего сервера',

  cleanUp: 'Убрать то, что создал урок',
  all: 'и то, что создал раздел 1: кластер',
  commandLimit: 'предел каждой команды',

  sandbox: 'Выполнить команду внутри песочницы; это симуляция: без Docker и без настоящего Istio',
  arguments: 'Аргументы:',
  command: 'команда и её аргументы (по умолчанию bash)',
  portOfSandbox: 'порт страницы, если его не называет конфигурация',

  exclude: (one, other) => `${one} и ${other} исключают друг друга`,
  needsContext: 'с --target context назовите кластер: --context ИМЯ',
  notForContext: '--name и --port — для kind и песочницы, не для --context',
}
