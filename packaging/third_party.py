"""Lists the libraries of an SBOM with their licences, and ends with 1 where one is not allowed: third_party.py SBOM ALLOWED"""
import json
import sys


def licences(component):
    names = []
    for entry in component.get("licenses", []):
        licence = entry.get("license", {})
        names.append(entry.get("expression") or licence.get("id") or licence.get("name", ""))
    return names


def main(sbom, allowed_file):
    with open(allowed_file, encoding="utf-8") as lines:
        allowed = {line.strip() for line in lines if line.strip() and not line.startswith("#")}
    with open(sbom, encoding="utf-8") as text:
        components = json.load(text)["components"]
    refused = []
    for component in sorted(components, key=lambda one: one["purl"]):
        names = licences(component)
        # Where there are several, one of them is chosen.
        if not any(name in allowed for name in names):
            refused.append(component["purl"])
        print(f"{component.get('group', '')}:{component['name']} {component['version']}: {', '.join(names) or 'none named'}")
    for purl in refused:
        print(f"licence not allowed, see {allowed_file}: {purl}", file=sys.stderr)
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
