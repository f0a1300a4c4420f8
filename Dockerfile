# One static program in an empty image. Railway builds this file too, and refuses VOLUME and cache mounts.
FROM --platform=$BUILDPLATFORM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=dev
ARG TARGETOS
ARG TARGETARCH
RUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH go build -trimpath -buildvcs=false -ldflags "-s -w -X main.version=$VERSION" -o /root-fs/usr/local/bin/resume-matcher .
# An empty image has no certificates to check a database or a language model by, no names for users, no /tmp.
RUN mkdir -p /root-fs/etc/ssl/certs && cp /etc/ssl/certs/ca-certificates.crt /root-fs/etc/ssl/certs/ \
 && echo 'nonroot:x:65532:65532::/data:/sbin/nologin' >/root-fs/etc/passwd && echo 'nonroot:x:65532:' >/root-fs/etc/group \
 && mkdir -p -m 1777 /root-fs/tmp && mkdir -p -m 700 /owned/data /owned/var/cache/resume-matcher

FROM scratch
ARG VERSION=dev
LABEL org.opencontainers.image.title="resume-matcher" \
      org.opencontainers.image.description="Reads résumés and job postings, and says with evidence how well they match" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="$VERSION"
COPY --from=build /root-fs /
# A new volume at /data takes over its owner.
COPY --from=build --chown=65532:65532 /owned /
# Without a volume at /data, SQLite's file goes with its container.
ENV HOST=0.0.0.0 PORT=8000 LOG_FORMAT=json DATABASE_URL=sqlite:////data/app.db CACHE_DIR=/var/cache/resume-matcher
USER 65532:65532
WORKDIR /data
# Compiles the PDF sandbox on the architecture it will run on, so that no container does it again.
RUN ["/usr/local/bin/resume-matcher", "warm"]
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s CMD ["/usr/local/bin/resume-matcher", "healthcheck"]
ENTRYPOINT ["/usr/local/bin/resume-matcher"]
CMD ["serve"]
