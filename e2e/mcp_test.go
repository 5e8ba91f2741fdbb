package e2e

// mcpServer is an MCP server with one tool, which leaves a file. Some clients wait
// long for the answer to a method that it need not know.
const mcpServer = `cd "$(dirname "$0")"
while read -r line; do
	case $line in
	*'"initialize"'*) answer='"result":{"protocolVersion":"2024-11-05","capabilities":{"tools":{}},"serverInfo":{"name":"s","version":"1"}}' ;;
	*'"tools/list"'*) answer='"result":{"tools":[{"name":"do_it","description":"does it","inputSchema":{"type":"object","properties":{"x":{"type":"string"}}}}]}' ;;
	*'"tools/call"'*) touch called; answer='"result":{"content":[{"type":"text","text":"it is done"}]}' ;;
	*'"id"'*) answer='"error":{"code":-32601,"message":"no such method"}' ;;
	*) continue ;;
	esac
	id=$(printf '%s' "$line" | sed 's/.*"id":\([0-9]*\).*/\1/')
	echo "{\"jsonrpc\":\"2.0\",\"id\":$id,$answer}"
done
`
