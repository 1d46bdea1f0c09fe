import type { CodegenConfig } from "@graphql-codegen/cli";

const config: CodegenConfig = {
  schema: ["../../docs/schema.graphql", "../../docs/aws.graphql"],
  documents: ["src/**/*.graphql"],
  generates: {
    "src/gql/": {
      preset: "client",
      presetConfig: { fragmentMasking: false },
      config: {
        documentMode: "string",
        scalars: {
          AWSDate: "string",
          AWSDateTime: "string",
          AWSEmail: "string",
          AWSJSON: "string",
          AWSPhone: "string",
          AWSTimestamp: "number",
          AWSURL: "string",
        },
      },
    },
  },
};
export default config;
