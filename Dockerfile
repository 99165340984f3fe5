# For those who build images with an engine; scripts/dist --image makes one without. First: scripts/dist
FROM debian:12-slim
ADD dist/posthaste-*-linux-*.tar.gz /opt/
RUN mv /opt/posthaste-* /opt/posthaste && useradd --uid 65532 --home-dir /data --create-home posthaste
USER 65532:65532
WORKDIR /data
EXPOSE 8080
ENV POSTHASTE_ADMIN_HOST=0.0.0.0
ENTRYPOINT ["/opt/posthaste/bin/posthaste"]
CMD ["serve"]
