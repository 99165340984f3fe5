"""Enqueues one job: producer.py URL ID ACTION DATA. For a cluster: redis.RedisCluster.from_url instead of redis.Redis."""
import sys
import zlib

import redis

url, id, action, data = sys.argv[1:]
client = redis.Redis.from_url(url, decode_responses=True)
tags = client.hget("posthaste:meta", "tags").split(",")
tag = tags[zlib.crc32(id.encode()) % len(tags)]
print(client.xadd("posthaste:{%s}:inbox" % tag, {"v": 1, "id": id, "action": action, "data": data}))
