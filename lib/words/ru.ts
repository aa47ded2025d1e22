/** Всё, что говорят скрипты, по-русски: слова самого запуска и слова шагов урока. */
import { causes } from './causes-ru.ts'
import { doctor } from './doctor-ru.ts'
import type { Words } from './en.ts'
import { options } from './options-ru.ts'
import type { LessonWords } from './steps.ts'

const stars = { none: 'без звёзд', black: 'чёрные звёзды', red: 'красные звёзды' } as const
const starsBy = { v1: stars.none, v2: stars.black, v3: stars.red } as const

export const ru: Words = {
  doctor,
  causes,
  options,
  simulated: 'СИМУЛЯЦИЯ',
  simulatedNote:
    'Песочница на Node: без Docker, без контейнеров и без настоящего Istio. Для учёбы годится, о настоящем кластере ничего не доказывает.',
  wholeLesson: 'Урок по Istio',
  section: (number, title) => `Раздел ${number}. ${title}`,
  already: 'Уже так; делать нечего.',
  waiting: (what) => `ждём: ${what}`,
  fresh: (seen) => `Мешает, сначала убираем: ${seen}`,
  stuck: (seen) => `Ждали бы вечно, сначала чиним: ${seen}`,
  leftOutOfContext: {
    cluster: 'кластер уже есть',
    istio: 'в этом кластере свой Istio',
    wayIn: 'страница открывается через port-forward',
  },
  bringIstio: (version, context) =>
    `поставьте туда Istio ${version} сами: istioctl install --context ${context} --set profile=demo -y\nили возьмите другой кластер: --context ИМЯ`,
  noContext: (name) => `в вашем kubeconfig нет контекста «${name}»`,
  noPortForward: 'не удалось открыть port-forward к входному шлюзу',
  leftOut: (reason) => `Пропущено: ${reason}`,
  needs: (what) => `сначала нужно: ${what}`,
  noCluster: 'кластера здесь ещё нет',
  clusterSilent: (error) => `кластер не отвечает (${error})`,
  otherKind: (version, image) =>
    `Версия kind — ${version}, не та, что в уроке: образ узла назван явно, ${image}; его Kubernetes подходит Istio.`,
  noKubeconfig: (name) => `у kind нет kubeconfig для его кластера «${name}»`,
  nodeUnseen: (node) => `узел ${node} есть, но его кластер о нём не знает`,
  halfMade: 'прошлый запуск остановили, когда он создавал этот кластер',
  lab: {
    kind: (name) => `кластер kind «${name}»`,
    context: (name) => `контекст «${name}»`,
    sandbox: (name) => `песочница «${name}»`,
    container: (name) => `контейнер Docker ${name}`,
    process: (name) => `фоновый процесс Node, песочница «${name}»`,
  },
  checking: 'Только проверка, на кластере как он есть.',
  page: 'Страница',
  running: 'Работает',
  byHand: 'Вручную',
  tryNext: 'Попробуйте',
  next: 'Дальше',
  stop: 'Убрать',
  cleanUp: 'Уборка',
  foreign: (what) => `мешают чужие объекты; нужно: ${what}`,
  locked: 'здесь уже работает другой запуск',
  lockHolder: (pid, command) => `процесс ${pid}: ${command}`,
  checked: 'Проверено; ничего не изменено.',
  interrupted: (script) => `Остановлено. Всё остаётся как есть. Продолжить: ${script}`,
  chosen: (lab, before) => `Теперь работаем здесь: ${lab} (до этого: ${before})`,
  prefetching: (images) => `В фоне загружаем в узел образы, всего ${images} (без этого: --no-prefetch)`,
  noDocker: (reason) =>
    ({
      missing: 'Docker не установлен',
      'not running': 'Движок Docker не отвечает',
      'no permission': 'У вас нет прав на Docker',
    })[reason],
  noTool: (tools) => `${tools.join(', ')} не ${tools.length > 1 ? 'установлены' : 'установлен'}`,
  sandboxInstead: (reason) => `${reason}: урок пойдёт в песочнице, это симуляция.`,
  portTaken: (port, holder, next) => `Порт ${port} занят (${holder}); страница будет на порту ${next}.`,
  holders: {
    container: (name) => `контейнер ${name}`,
    process: (name, pid) => `${name} (процесс ${pid})`,
    unseen: 'программа другого пользователя',
  },
  noStep: (name) => `здесь нет шага «${name}»`,
  noClusterConfig: (file) => `${file} не читается как конфигурация кластера kind`,
  cleaned: 'Убрано. Кластер такой, каким его оставил раздел 1.',
  cleanedAll: 'Всё, что создал урок, удалено.',
  printedFor: (place) => `Команды урока по Istio, для: ${place}. Запускать из папки проекта.`,
  printedInSandbox: (shell) => `Симуляция: запускать внутри песочницы, в ${shell}`,
  printedKubeconfig: 'Свой kubeconfig только для этого скрипта: другой текущий контекст не уведёт его команды.',
  saw: 'видно',
  why: 'причина',
  mend: 'исправить',
  apiAway: 'API кластера не отвечает',
  engineSilent: 'движок Docker не отвечает',
  nodeIs: (container, state) => `контейнер узла ${container} в состоянии ${state}`,
  noNode: (container) => `контейнера узла ${container} нет`,
  waited: (seconds, what) => `${seconds} с ждали напрасно: ${what}`,
  faults: {
    file: (path) => `эта машина не даёт работать с файлом ${path ?? ''}`,
    diskFull: {
      why: 'на диске нет места',
      mend: 'освободите место: docker system prune   (удаляет то, чем не пользуется ни один контейнер)',
    },
    rateLimit: {
      why: 'реестр ограничивает загрузки: без учётной записи Docker Hub даёт 100 за 6 часов на один адрес',
      mend: 'подождите или принесите образ со своей учётной записью: docker login; docker pull ОБРАЗ; kind load docker-image ОБРАЗ',
    },
    clock: {
      why: 'часы этой машины не сходятся с сертификатами кластера',
      mend: 'поставьте часы верно: timedatectl set-ntp true',
    },
    openFiles: {
      why: 'исчерпаны пределы ядра для открытых или наблюдаемых файлов',
      mend: 'sudo sysctl fs.inotify.max_user_watches=524288 fs.inotify.max_user_instances=512',
    },
    slow: {
      why: 'с ним всё в порядке, только он не успевает: например, образы долго загружаются по медленной сети',
      mend: 'дайте больше времени: --timeout 30m',
    },
    memory: { why: 'не хватает памяти', mend: 'закройте другие программы или дайте Docker больше памяти' },
  },
  conditions: {
    nodeThere: 'есть узел',
    nodesReady: 'узел в состоянии Ready',
    available: (deployments) => `доступны: ${deployments}`,
    istio: (version) => `установлен Istio ${version}`,
    namespaceLabelled: 'у пространства имён default есть метка istio-injection=enabled',
    namespaceNotOptedOut: 'пространство имён default не отказалось от sidecar',
    gatewayOnHostNetwork: 'входной шлюз использует сеть узла',
    oneGatewayPod: 'один под шлюза, готовый, в сети узла',
    gatewayHasPorts: 'входной шлюз получает свои порты',
    podsWithSidecar: 'все поды готовы, у каждого есть sidecar',
    bookinfoGateway: 'есть Gateway bookinfo-gateway',
    noReviewsRoute: 'о reviews пока не решает ни одно правило',
    routesExist: (names) => `есть VirtualService ${names}`,
    destinationRules: (hosts) => `есть destination rules с подмножествами для ${hosts}`,
  },
  lacks: {
    node: 'нет ни одного узла',
    object: (name) => `${name}: нет`,
    readiness: (name) => `${name}: не Ready`,
    replicas: (name) => `${name}: уменьшен до нуля`,
    available: (name, count, wanted) => `${name}: доступно ${count} из ${wanted}`,
    version: (name, found) => `${name}: версия ${found}`,
    hostNetwork: (name) => `${name}: не в сети узла (hostNetwork)`,
    pod: (name) => `${name}: нет пода`,
    end: (pod) => `${pod}: старый под ещё здесь`,
    sidecar: (pod) => `${pod}: нет sidecar istio-proxy`,
    containers: (pod, ready, wanted) => `${pod}: готово ${ready}/${wanted}`,
    freedom: (name) => `${name}: решает, куда ведёт reviews`,
    rule: (host) => `${host}: нет destination rule`,
    subset: (host, subset) => `${host}: нет подмножества ${subset}`,
    label: (host, subset, version) => `${host}: подмножество ${subset} выбирает version=${version}`,
  },
  pods: {
    trouble: (pod, trouble) => `под ${pod}: ${trouble}`,
    container: (name, trouble) => `контейнер ${name}: ${trouble}`,
    endedWith: (code) => `завершился с кодом ${code}`,
    unscheduled: 'для него нет места',
  },
  visits: {
    visitors: { anonymous: 'аноним', forger: 'самозванец (end-user: jason)' },
    stars: { none: 'без звёзд', black: 'с чёрными звёздами', red: 'с красными звёздами' },
    nothing: 'ничего',
  },
  proof: {
    apiAnswers: (version) => `API отвечает: Kubernetes ${version}`,
    holds: (what) => what,
    isNotSo: (what) => `это не так: ${what}`,
    allThree: (seen) => `видны все три версии (${seen})`,
    unreachable: (url) => `страница ${url} недоступна`,
    expectedAllThree: 'ожидались все три версии reviews',
    only: (version) => `только ${version}, ${starsBy[version]}`,
    sees: (visitor, version) => `${visitor} видит ${version}, ${starsBy[version]}`,
    expected: (what) => `ожидалось: ${what}`,
    neverArrived: (what, seconds) => `правило так и не подействовало: за ${seconds} с ожидалось: ${what}`,
    verdict: (what, visits) => `${what} (по ${visits} посещений)`,
  },
}

export const lesson: LessonWords = {
  sections: {
    install: 'Кластер с Istio',
    deploy: 'Приложение Bookinfo',
    'version-route': 'Маршрутизация по версии',
    'user-route': 'Маршрутизация по пользователю',
  },
  steps: {
    cluster: {
      title: 'Создаём кластер Kubernetes',
      why: 'kind запускает целый кластер в одном контейнере Docker. Проброс портов ведёт то, что приходит на эту машину, внутрь узла; потом его не изменить.',
    },
    istio: {
      title: 'Устанавливаем Istio',
      why: 'Профиль demo ставит управляющую часть (istiod), шлюз для входящего трафика и шлюз для исходящего.',
    },
    sidecars: {
      title: 'Добавляем sidecar в каждый новый под',
      why: 'В пространстве имён с этой меткой istiod добавляет в каждый создаваемый под контейнер istio-proxy: прокси, который и исполняет правила. Поды, которые уже есть, остаются как были.',
    },
    'way-in': {
      title: 'Пускаем шлюз на порт узла',
      why: 'С hostNetwork шлюз использует сеть своего узла. Узел — тот самый контейнер, порт которого пробросил kind, так что у машины, узла и шлюза теперь один порт.',
      try: 'kubectl get crd   # виды объектов, которые добавил Istio',
    },
    bookinfo: {
      title: 'Запускаем Bookinfo',
      why: 'У каждого пода 2/2: приложение и его sidecar. В манифесте sidecar нет, его принесла метка пространства имён.',
    },
    gateway: {
      title: 'Открываем Bookinfo для браузера',
      why: 'Gateway заставляет входной шлюз слушать порт, VirtualService говорит, какие пути ведут к productpage. За одним именем reviews стоят три версии: каждое посещение может попасть на другую.',
      try: 'Откройте страницу и обновите её несколько раз: без звёзд, чёрные звёзды, красные звёзды.',
    },
    'destination-rules': {
      title: 'Даём версиям имена',
      why: 'DestinationRule делит поды за хостом на подмножества (subset) по их меткам. Трафик пока не меняется, но маршрут может назвать только то подмножество, которое есть.',
    },
    'all-v1': {
      title: 'Всех на v1',
      why: 'VirtualService направляет по имени. У его единственного маршрута нет условия, поэтому все запросы к reviews теперь идут в подмножество v1.',
    },
    'reviews-v3': {
      title: 'Всех на reviews v3',
      why: 'Меняем на месте одно поле правила. Merge patch заменяет список http целиком.',
      try: 'Обновляйте страницу: звёзды остаются красными. Потом замените в команде выше v3 на v2 и посмотрите, как они станут чёрными.',
    },
    jason: {
      title: 'jason на reviews v2, все остальные на v1',
      why: 'Правила проверяются сверху вниз. Первое требует точного значения заголовка end-user, второе без условия и берёт остальных. Этот заголовок ставит только сама страница, для вошедшего пользователя: то, что пришлёт браузер, дальше не идёт.',
      try: 'Откройте страницу: звёзд нет. Нажмите Sign in, имя jason, пароль любой: чёрные звёзды. Выйдите: звёзд снова нет.',
    },
  },
}
