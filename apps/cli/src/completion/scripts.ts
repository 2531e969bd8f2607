/** What a shell is told so that it asks `skep` for completions. */
export const completionScripts: Readonly<Record<string, string>> = {
  bash: `_skep() {
  local IFS=$'\\n'
  COMPREPLY=($(compgen -W "$(skep __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _skep skep`,
  zsh: `#compdef skep
_skep() {
  local -a found
  found=("\${(@f)$(skep __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  compadd -a found
}
compdef _skep skep`,
  fish: `complete -c skep -f -a '(skep __complete -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'`,
};
