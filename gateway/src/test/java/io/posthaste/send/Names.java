package io.posthaste.send;

import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.InetNameResolver;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A name server in memory: each name has answers in turn, the last of which repeats. */
final class Names extends AddressResolverGroup<InetSocketAddress> {
    private final Map<String, Queue<List<String>>> answers = new ConcurrentHashMap<>();
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());

    /** Appends one answer; an empty list is silence. */
    Names answer(String name, List<String> addresses) {
        answers.computeIfAbsent(name, unused -> new ConcurrentLinkedQueue<>()).add(addresses);
        return this;
    }

    /** The names looked up so far, in order. */
    List<String> asked() {
        return List.copyOf(asked);
    }

    @Override
    protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
        return new Resolver(executor).asAddressResolver();
    }

    private List<String> next(String name) {
        Queue<List<String>> queue = answers.getOrDefault(name, new ConcurrentLinkedQueue<>());
        List<String> answer = queue.size() > 1 ? queue.remove() : queue.element();
        return answer;
    }

    private final class Resolver extends InetNameResolver {
        Resolver(EventExecutor executor) {
            super(executor);
        }

        @Override
        protected void doResolve(String name, Promise<InetAddress> promise) {
            promise.setFailure(new UnsupportedOperationException());
        }

        @Override
        protected void doResolveAll(String name, Promise<List<InetAddress>> promise) throws UnknownHostException {
            asked.add(name);
            if (!answers.containsKey(name)) {
                throw new UnknownHostException(name);
            }
            List<InetAddress> addresses = new ArrayList<>();
            for (String address : next(name)) {
                addresses.add(InetAddress.getByAddress(NetUtil.createByteArrayFromIpAddressString(address)));
            }
            if (!addresses.isEmpty()) {
                promise.setSuccess(addresses);
            }
        }
    }
}
