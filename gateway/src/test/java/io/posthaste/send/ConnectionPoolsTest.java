package io.posthaste.send;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import reactor.netty.resources.ConnectionPoolMetrics;

class ConnectionPoolsTest {
    private final AtomicLong nanos = new AtomicLong(1);
    private final ConnectionPools pools = new ConnectionPools(nanos::get);

    private record Pool(int acquiredSize, int idleSize) implements ConnectionPoolMetrics {
        @Override
        public int allocatedSize() {
            return acquiredSize + idleSize;
        }

        @Override
        public int pendingAcquireSize() {
            return 0;
        }

        @Override
        public int maxAllocatedSize() {
            return 1_000;
        }

        @Override
        public int maxPendingAcquireSize() {
            return 1_000;
        }
    }

    @Test
    void thereAreTooManyIdleOnceMoreWaitThanAreUsed() {
        add(1, new Pool(300, 500));
        add(2, new Pool(300, 228));
        aSecondPasses();
        assertThat(pools.haveTooManyIdle()).isFalse();

        add(3, new Pool(0, 1));
        assertThat(pools.haveTooManyIdle()).as("looks once a second").isFalse();
        aSecondPasses();
        assertThat(pools.haveTooManyIdle()).isTrue();
    }

    @Test
    void aFewIdleConnectionsAreNeverTooMany() {
        add(1, new Pool(0, 128));
        aSecondPasses();

        assertThat(pools.haveTooManyIdle()).isFalse();
    }

    private void add(int port, ConnectionPoolMetrics pool) {
        pools.registerMetrics("test", "id", InetSocketAddress.createUnresolved("host", port), pool);
    }

    private void aSecondPasses() {
        nanos.addAndGet(1_000_000_000);
    }
}
