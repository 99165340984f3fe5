package io.posthaste.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelException;
import io.posthaste.job.NoAnswerCause;
import java.net.SocketException;
import org.junit.jupiter.api.Test;

class DiagnosisTest {
    @Test
    void aConnectionThatCannotBeOpenedForWantOfADescriptorIsNoFaultOfTheReceivers() {
        Throwable failure =
                new ChannelException("Failed to open a socket.", new SocketException("Too many open files"));

        assertThat(Diagnosis.of(failure).cause()).isEqualTo(NoAnswerCause.NO_DESCRIPTOR);
        assertThat(Diagnosis.of(new SocketException("Connection reset")).cause())
                .isEqualTo(NoAnswerCause.RESET);
    }
}
