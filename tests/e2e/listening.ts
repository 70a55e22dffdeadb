import { readFileSync, readdirSync, readlinkSync } from "node:fs";

/** A socket that a process listens on. */
export interface Listener {
  readonly pid: number;
  /** As the kernel writes it, hexadecimal and in the byte order of the machine. */
  readonly address: string;
  readonly port: number;
}

const listenState = "0A";
export const loopbackAddress = "0100007F";

function socketOwners(pids: readonly number[]): Map<string, number> {
  const owners = new Map<string, number>();
  for (const pid of pids) {
    for (const descriptor of readdirSync(`/proc/${pid}/fd`)) {
      let target = "";
      try {
        target = readlinkSync(`/proc/${pid}/fd/${descriptor}`);
      } catch {
        continue; // closed since it was listed
      }
      const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
      if (inode) owners.set(inode, pid);
    }
  }
  return owners;
}

/** Every TCP socket that these processes listen on, on any address. */
export function listeners(pids: readonly number[]): Listener[] {
  const owners = socketOwners(pids);
  return ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((table) =>
    readFileSync(table, "utf8")
      .split("\n")
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .flatMap(([, local = "", , state, , , , , , inode = ""]) => {
        const pid = owners.get(inode);
        const [address = "", port = ""] = local.split(":");
        return pid !== undefined && state === listenState
          ? [{ pid, address, port: Number.parseInt(port, 16) }]
          : [];
      }),
  );
}
