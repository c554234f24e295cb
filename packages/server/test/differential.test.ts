import { expect, test } from "vitest";
import { startTestGateway } from "./support/test-gateway.ts";
import { demoConfig, openTestTerminal } from "./support/test-terminal.ts";

const inputs = ["one", "several words, with Ümläuts", "line\nbreaks\r\nand\ttabs", "0", "word ".repeat(20_000)];

test.each(inputs.map((input, index) => [index, input] as const))(
  "embedded call, command line and HTTP agree on input %i",
  async (_index, input) => {
    await using gateway = await startTestGateway();
    await using terminal = await openTestTerminal();
    await terminal.write("stargate.config.ts", demoConfig());
    await terminal.write("input.txt", input);
    const goal = { to: "json", with: { "demo.count": { unit: "characters" } } } as const;

    const embedded = await gateway.gateway.gate.run(new Blob([input]), goal, { as: "text" });
    const options = encodeURIComponent(JSON.stringify(goal.with));
    const http = await gateway.fetch(`/v1/convert?to=json&from=text&with=${options}`, {
      method: "POST",
      body: input,
      headers: { accept: "application/vnd.stargate+json" },
    });
    const cli = await terminal.cli([
      "run",
      "input.txt",
      "--to",
      "json",
      "--from",
      "text",
      "--with",
      JSON.stringify(goal.with),
      "--json",
    ]);

    const fromHttp = (await http.json()) as { output: unknown; receipt: { planHash: string; output: unknown } };
    const fromCli = JSON.parse(cli.out) as typeof fromHttp;
    expect(fromHttp.output).toEqual(embedded.value);
    expect(fromCli.output).toEqual(embedded.value);
    expect([fromHttp.receipt.planHash, fromCli.receipt.planHash]).toEqual([
      embedded.receipt.planHash,
      embedded.receipt.planHash,
    ]);
  },
);
