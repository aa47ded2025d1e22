/** Что говорят осмотр машины, проверки перед запуском и загрузки, по-русски. */
import type { DoctorWords } from './doctor-en.ts'

export const doctor: DoctorWords = {
  titles: {
    node: 'Node',
    docker: 'Docker',
    cgroup: 'cgroup',
    memory: 'память',
    disk: 'диск',
    inotify: 'inotify',
    ports: 'порты',
    kind: 'kind',
    kubectl: 'kubectl',
    istioctl: 'istioctl',
    kubernetes: 'Kubernetes',
    proxy: 'прокси',
    registries: 'реестры',
    cluster: 'кластер',
    context: 'контекст',
  },
  node: {
    fits: (version) => `${version}`,
    tooOld: (version) => `Node ${version} слишком стар для этого проекта`,
    why: (least) => `нужен ${least} или новее`,
    mend: 'поставьте новее: https://nodejs.org/en/download',
  },
  docker: {
    answers: (version) => `${version} отвечает`,
    unusable: (reason) =>
      ({
        missing: 'Docker недоступен: не установлен',
        'not running': 'Docker недоступен: не запущен',
        'no permission': 'Docker недоступен: нет прав',
      })[reason],
    mend: {
      missing: 'установите Docker (https://docs.docker.com/engine/install/) или возьмите песочницу: --target sandbox',
      'not running': 'sudo systemctl start docker   (или запустите Docker Desktop)',
      'no permission': 'sudo usermod -aG docker $USER, затем войдите заново',
    },
    tooOld: (version) => `Docker ${version} слишком стар для kind`,
    tooOldWhy: (least) =>
      `kind даёт каждому узлу своё пространство имён cgroup, а оно есть в Docker начиная с ${least}`,
    tooOldMend: 'поставьте новее: https://docs.docker.com/engine/install/',
  },
  cgroup: {
    fits: (version) => `версия ${version}`,
    tooOld: (image) => `образ узла ${image} не запустится на cgroup версии 1`,
    why: 'kubelet отказывается от cgroup версии 1 начиная с Kubernetes 1.35',
    mend: (image) => `--node-image ${image}`,
  },
  memory: {
    total: (total, free) => `${total}${free ? `, свободно ${free}` : ''}`,
    short: (total) => `у Docker только ${total} памяти`,
    little: (free) => `свободно только ${free} памяти`,
    why: 'узел занимает около 1,5 ГБ, урок написан для машины с 4 ГБ',
    mend: 'дайте Docker или виртуальной машине больше памяти или возьмите песочницу: --target sandbox',
    mendFree: 'закройте ненужные программы',
  },
  disk: {
    free: (free, folder) => `свободно ${free} в ${folder}`,
    short: (free, folder) => `свободно только ${free} в ${folder}`,
    why: 'образы Kubernetes, Istio и Bookinfo занимают около 4 ГБ',
    mend: 'docker system prune   (удаляет то, чем не пользуется ни один контейнер)',
  },
  inotify: {
    limits: (watches, instances) => `наблюдений ${watches}, экземпляров ${instances}`,
    low: (watches, instances) => `низкие пределы: наблюдений ${watches}, экземпляров ${instances}`,
    why: 'узел kind может сказать «too many open files»',
    mend: (watches, instances) =>
      `sudo sysctl fs.inotify.max_user_watches=${watches} fs.inotify.max_user_instances=${instances}`,
  },
  ports: {
    free: (ports) => `${ports.join(' и ')} свободны`,
    own: (ports, cluster) => `${ports.join(' и ')} держит сам ${cluster}`,
    taken: (port) => `порт ${port} этой машины занят`,
    heldBy: (holder) => `его держит ${holder}`,
    mend: (other) => `завершите эту программу или возьмите для страницы другой порт: --port ${other}`,
  },
  tools: {
    missing: (tool) => `${tool} не установлен`,
    mend: './scripts/doctor.ts --fix   (загрузит его в .lab/bin)',
    istioOther: (version, wanted) => `istioctl версии ${version}, а урок о ${wanted}`,
    skew: (version, cluster) => `kubectl версии ${version}, а кластер ${cluster}`,
    skewWhy: 'kubectl рассчитан на кластеры, которые старше или новее его на одну младшую версию',
  },
  kubernetes: {
    range: (from, to) => `Kubernetes от 1.${from} до 1.${to}`,
    fits: (version, istio, range) => `${version}; Istio ${istio} поддерживает ${range}`,
    outside: (version, istio, range) => `в кластере ${version}, а Istio ${istio} поддерживает ${range}`,
    unknown: (kind) => `kind ${kind} возьмёт Kubernetes по своему выбору`,
    unknownWhy: (istio, range) => `Istio ${istio} поддерживает ${range}`,
    mend: (image) => `--node-image ${image}`,
  },
  proxy: {
    none: 'нет',
    leavesOut: (proxy) => `${proxy}, но не для самой этой машины`,
    notLeftOut: (proxy, missing) => `${proxy} спрашивают и о ${missing.join(' и ')}, а туда ему не попасть`,
    why: 'curl и другие программы будут искать страницу у прокси',
    mend: (value) => `export NO_PROXY=${value}`,
  },
  registries: {
    reached: (hosts) => `${hosts.join(', ')}`,
    notReached: (hosts) => `не отвечают: ${hosts.join(', ')}`,
    why: 'образы, которых на этой машине ещё нет, не загрузятся',
    whyProxy: 'мы спрашивали напрямую, не через прокси; у Docker для него свои настройки',
    mend: 'docker pull hello-world   (покажет, доступен ли реестр самому Docker)',
  },
  cluster: {
    none: (name) => `«${name}» ещё нет`,
    fits: (name, image) => `«${name}» подходит (${image})`,
    stopped: (name) => `«${name}» остановлен; следующий скрипт запустит его`,
    halfMade: (name) => `«${name}» создан наполовину; следующий скрипт создаст его заново`,
    foreign: (name) => `есть кластер kind «${name}», который создал не этот урок`,
    foreignMend: (name) => `возьмите его: --name ${name}; или пусть урок создаст свой: --name lesson`,
    otherPorts: (name, port) => `кластер «${name}» не пробрасывает порт ${port} этой машины на порт 8080 своего узла`,
    mappedTo: (ports) => (ports.length > 0 ? `8080 проброшен на ${ports.join(', ')}` : 'порт 8080 узла не проброшен'),
    otherPortsWhy: 'kind задаёт порты один раз, при создании кластера',
    otherPortsMend: (removal, [port]) =>
      `${port ? `возьмите его порт: --port ${port}` : 'возьмите другой кластер: --name ИМЯ'}; или удалите этот: ${removal}`,
  },
  context: {
    answers: (name) => `«${name}» отвечает`,
    noIstio: (name, version) => `в кластере контекста «${name}» нет Istio ${version}`,
    silent: (name) => `кластер контекста «${name}» не отвечает`,
    mend: 'kubectl config get-contexts',
  },
  targets: { kind: 'kind', sandbox: 'песочница (симуляция)', context: 'ваш кластер (--context)' },
  ready: (target) => `Урок можно пройти здесь: ${target}.`,
  notReady: (target) => `Не готово для цели ${target}:`,
  fix: {
    installed: (tool, version, place) => `${tool} ${version}: ${place}`,
    there: (tool, version) => `${tool} ${version} уже есть`,
  },
  download: {
    failed: (url) => `не удалось загрузить ${url}`,
    failedMend: 'проверьте сеть и запустите ещё раз; --mirror URL возьмёт другой адрес',
    unpacking: (tool) => `не удалось распаковать архив с ${tool}`,
    wrongChecksum: (url) => `${url} не то, что заявлено издателем; не установлено`,
    checksums: (actual, expected) => `SHA-256 ${actual}, ожидалось ${expected ?? 'то, чего в списке нет'}`,
    wrongChecksumMend: 'запустите ещё раз; если не поможет, по адресу лежит не тот файл: возьмите другой --mirror',
  },
  ask: {
    question: (tools) =>
      `Docker отвечает, но не хватает: ${tools.join(', ')}. Загрузить в .lab/bin, чтобы был настоящий кластер? [Y/n] `,
    no: /^\s*[nн]/i,
    later: 'Чтобы был настоящий кластер: ./scripts/doctor.ts --fix, затем --target kind',
  },
}
