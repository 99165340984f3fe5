#!/usr/bin/env bash
# Enqueues one job: producer.sh ID ACTION DATA. REDIS_CLI reaches Redis; on a cluster it is "redis-cli -c -p 7400".
set -euo pipefail
id=$1 action=$2 data=$3
cli=${REDIS_CLI:-redis-cli -p 6390}
IFS=, read -ra tags <<<"$($cli HGET posthaste:meta tags)"
# The end of a gzip file is the CRC-32 of what is in it, and its length.
crc=$(printf %s "$id" | gzip -c | tail -c 8 | od -An -N4 -tu4)
$cli XADD "posthaste:{${tags[crc % ${#tags[@]}]}}:inbox" '*' v 1 id "$id" action "$action" data "$data"
