import { defineConfig } from "./config";

export default defineConfig({
  environments: {
    main: {
      region: "ap-northeast-2",
      alerts: { emails: ["security@example.com"] },
      // Everything left out has its default: the README shows what can be set. A team keeps its state remotely:
      // backend: { type: "s3", bucket: "STATE_BUCKET", key: "trailwarden/main.tfstate", region: "ap-northeast-2", useLockfile: true },
    },
  },
});
