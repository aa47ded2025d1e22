#!/usr/bin/env bash
# Makes the lesson's machine out of an Ubuntu: Docker, Node, kubectl, kind, istioctl, and this project with its packages.
# Run as root; may be repeated: what is there and whole is left alone.
#
#   LAB_MIRROR   address that serves the downloads instead of their hosts, each below its host's name:
#                $LAB_MIRROR/dl.k8s.io/release/... in place of https://dl.k8s.io/release/...
#   LAB_RETRIES  how often a download that fails is begun again (default: 5)
#   LAB_SOURCE   where the host's copy of the project lies (default: /vagrant, Vagrant's shared folder)
#   LAB_PAGE_URL address of the page as the host's browser reaches it
#   LAB_LANG     language of the lesson: en or ru
#   npm_config_registry, NODE_EXTRA_CA_CERTS  as npm and Node know them, where npm has to go elsewhere
set -euo pipefail

NODE_VERSION=24.17.0
KUBECTL_VERSION=1.30.0
KIND_VERSION=0.22.0
ISTIO_VERSION=1.21.2

readonly LESSON_USER=vagrant
readonly LESSON_HOME=/home/$LESSON_USER/istio-lesson
readonly BIN=/usr/local/bin
# What each program's SHA-256 was when it was installed, to know it again.
readonly RECEIPTS=/var/lib/istio-lesson

say() { printf '\n== %s\n' "$*"; }

# The machine's architecture in the words of Kubernetes, kind and Istio.
go_architecture() {
  case "$(uname -m)" in
    x86_64) echo amd64 ;;
    aarch64 | arm64) echo arm64 ;;
    *) echo "no downloads for the architecture $(uname -m)" >&2 && return 1 ;;
  esac
}

# The same in the words of Node.
node_architecture() {
  case "$(go_architecture)" in
    amd64) echo x64 ;;
    arm64) echo arm64 ;;
    *) return 1 ;;
  esac
}

# get HOST/PATH FILE: downloads a file. A connection that is cut is tried again; what stays cut leaves no file behind.
get() {
  local address="${LAB_MIRROR:-https:/}/$1" file=$2
  if ! curl --fail --silent --show-error --location --connect-timeout 20 --speed-limit 1000 --speed-time 60 \
    --retry "${LAB_RETRIES:-5}" --retry-all-errors --output "$file" "$address"; then
    rm -f "$file"
    echo "cannot download $address; run 'vagrant provision' to go on" >&2
    return 1
  fi
}

# get_checked HOST/PATH CHECKSUMS-HOST/PATH FILE: downloads a file and holds it against its published SHA-256. The
# checksums may be the sum alone, or a list of sums and names.
get_checked() {
  local path=$1 sums=$2 file=$3 name expected actual
  name=$(basename "$path")
  get "$sums" "$file.sums" || return 1
  expected=$(awk -v name="$name" 'NF == 1 || $2 == name || $2 == "*" name { print $1; exit }' "$file.sums")
  rm -f "$file.sums"
  get "$path" "$file" || return 1
  actual=$(sha256sum "$file" | cut -d ' ' -f 1)
  if [ "$actual" != "$expected" ]; then
    rm -f "$file"
    echo "$name has the SHA-256 $actual, its publisher says ${expected:-nothing}; not installed" >&2
    return 1
  fi
}

# is_installed NAME-VERSION: true where that program is there just as it was installed.
is_installed() { sha256sum --check --status "$RECEIPTS/$1.sha256" 2>/dev/null; }

# place FILE NAME VERSION: puts a program on the PATH in one step, and keeps its receipt.
place() {
  local file=$1 name=$2 version=$3
  install -m 0755 "$file" "$BIN/.$name.new"
  mv -f "$BIN/.$name.new" "$BIN/$name"
  mkdir -p "$RECEIPTS"
  sha256sum "$BIN/$name" >"$RECEIPTS/$name-$version.sha256"
}

install_kubectl() {
  local path
  path=dl.k8s.io/release/v$KUBECTL_VERSION/bin/linux/$(go_architecture)/kubectl
  get_checked "$path" "$path.sha256" "$WORK/kubectl" || return 1
  place "$WORK/kubectl" kubectl "$KUBECTL_VERSION"
}

install_kind() {
  local path
  path=github.com/kubernetes-sigs/kind/releases/download/v$KIND_VERSION/kind-linux-$(go_architecture)
  get_checked "$path" "$path.sha256sum" "$WORK/kind" || return 1
  place "$WORK/kind" kind "$KIND_VERSION"
}

install_istioctl() {
  local path
  path=github.com/istio/istio/releases/download/$ISTIO_VERSION/istioctl-$ISTIO_VERSION-linux-$(go_architecture).tar.gz
  get_checked "$path" "$path.sha256" "$WORK/istioctl.tar.gz" || return 1
  tar -xzf "$WORK/istioctl.tar.gz" -C "$WORK" istioctl
  place "$WORK/istioctl" istioctl "$ISTIO_VERSION"
}

# Ubuntu 24.04's own Node is 18, too old for the lesson.
install_node() {
  local folder path name
  folder=node-v$NODE_VERSION-linux-$(node_architecture)
  path=nodejs.org/dist/v$NODE_VERSION
  get_checked "$path/$folder.tar.gz" "$path/SHASUMS256.txt" "$WORK/node.tar.gz" || return 1
  rm -rf "/opt/$folder"
  tar -xzf "$WORK/node.tar.gz" -C /opt --no-same-owner
  for name in node npm npx; do ln -sfn "/opt/$folder/bin/$name" "$BIN/$name"; done
  mkdir -p "$RECEIPTS"
  sha256sum "$BIN/node" >"$RECEIPTS/node-$NODE_VERSION.sha256"
}

# install_program NAME VERSION
install_program() {
  local name=$1 version=$2
  if is_installed "$name-$version"; then
    echo "$name $version is there"
  else
    "install_$name"
    echo "$name $version installed"
  fi
}

install_packages() {
  export DEBIAN_FRONTEND=noninteractive
  apt-get -o Acquire::Retries=5 update -qq
  apt-get -o Acquire::Retries=5 install -y -qq --no-install-recommends \
    ca-certificates curl docker.io docker-compose-v2 git locales >/dev/null
  usermod -aG docker "$LESSON_USER"
}

# at_least NAME NUMBER: a line of sysctl's that raises a number of the kernel and never lowers it.
at_least() {
  local name=$1 least=$2 now
  now=$(sysctl --values "$name")
  echo "$name = $((now > least ? now : least))"
}

# With Ubuntu's own limits kind's node runs into "too many open files" (kind's page of known issues).
raise_inotify_limits() {
  local file=/etc/sysctl.d/90-kind.conf
  {
    at_least fs.inotify.max_user_watches 524288
    at_least fs.inotify.max_user_instances 512
  } >"$file"
  sysctl --quiet --load "$file"
}

# A copy inside of the guest: symbolic links, modes and `npm ci` do not survive a VirtualBox shared folder. What the
# lesson has made there (.lab) stays.
copy_project() {
  local source=${LAB_SOURCE:-/vagrant}
  mkdir -p "$LESSON_HOME"
  tar -C "$source" --exclude=./node_modules --exclude=./dist --exclude=./.lab --exclude=./.vagrant -cf - . |
    tar -C "$LESSON_HOME" --no-same-owner -xf -
  chmod 0755 "$LESSON_HOME" "$LESSON_HOME"/scripts/*.ts
  chown -R "$LESSON_USER:$LESSON_USER" "$LESSON_HOME"
  cd "$LESSON_HOME"
  sudo --user "$LESSON_USER" --set-home --preserve-env=npm_config_registry,NODE_EXTRA_CA_CERTS \
    npm ci --no-audit --no-fund
  cd /
}

# Each log-in starts in the project, speaks the host's language, and names the page as the host's browser reaches it.
set_up_login() {
  local locale=C.UTF-8
  if [ "${LAB_LANG:-en}" = ru ]; then
    locale=ru_RU.UTF-8
    localedef --inputfile ru_RU --charmap UTF-8 "$locale"
  fi
  cat >/etc/profile.d/istio-lesson.sh <<END
export LANG=$locale
export LAB_PAGE_URL=${LAB_PAGE_URL:-http://localhost:8888}
if [ "\$(id -un)" = $LESSON_USER ]; then cd $LESSON_HOME; fi
END
}

main() {
  WORK=$(mktemp -d)
  trap 'rm -rf "$WORK"' EXIT
  say "Docker"
  install_packages
  say "kubectl, kind, istioctl, Node"
  install_program kubectl "$KUBECTL_VERSION"
  install_program kind "$KIND_VERSION"
  install_program istioctl "$ISTIO_VERSION"
  install_program node "$NODE_VERSION"
  say "inotify limits"
  raise_inotify_limits
  say "The lesson"
  copy_project
  set_up_login
  say "Ready: vagrant ssh, then ./scripts/all.ts"
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then main; fi
