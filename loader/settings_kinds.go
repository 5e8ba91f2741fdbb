package loader

import "strings"

// settingKinds pairs kinds of JSON values with the settings that must be of one
// of them; a kind is written as in node.kind. They are the settings Claude Code
// 2.1.328 knows, from the published types of its SDK. A known setting of another
// kind makes the client ignore the whole file (§9.1); an unknown one may be anything.
func settingKinds() [][2]string {
	return [][2]string{
		{`"`, `
$schema advisorModel agent apiKeyHelper askUserQuestionTimeout attributionProject
autoMemoryDirectory autoUpdatesChannel availableModelsMatch awsAuthRefresh awsCredentialExport
claudeMd crossSessionInbound daemonColdStart defaultShell defaultView dialogExpiry disableAutoMode
disableDeepLinkRegistration editorMode effortLevel feedbackDrafts forceLoginGatewayUrl
forceLoginMethod gcpAuthRefresh keybindingFlavor language managedSourcesBehavior maxEffortLevel
minimumVersion model otelHeadersHelper outputStyle parentSettingsBehavior plansDirectory
pluginTrustMessage prUrlTemplate preferredNotifChannel processWrapper promptCacheTtl proxyAuthHelper
requiredMaximumVersion requiredMinimumVersion subagentPromptCacheTtl teammateMode theme timeFormat
timeZone tui viewMode workflowSizeGuideline`},
		{`{`, `
additionalMarketplaces attributionProjectPolicy autoMode enabledPlugins env extraKnownMarketplaces
fileSuggestion managedMcpServers modelOverrides modelPicker modelPricing modelSettings permissions
pluginConfigs policyHelper remote sandbox skillOverrides spellcheck spinnerTipsOverride spinnerVerbs
statusLine subagentStatusLine vimInsertModeRemaps voice worktree`},
		{`t`, `
agentPushNotifEnabled allowAllClaudeAiMcps allowClaudeInChromeWithManagedMcp allowManagedHooksOnly
allowManagedMcpServersOnly allowManagedPermissionRulesOnly allowNestedModelAccessUnderForceLogin
alwaysThinkingEnabled autoCompactEnabled autoContinueAtUsageLimit autoDreamEnabled autoMemoryEnabled
autoScrollEnabled autoUploadSessions bashEditDiffEnabled channelsEnabled disableAgentView
disableAllHooks disableArtifact disableBundledSkills disableClaudeAiConnectors
disableCommandPluginSources disableRemoteControl disableReplyCheck disableSideloadFlags
disableSkillShellExecution disableWindowsBashCommandSplit disableWorkflows emojiCompletionEnabled
enableAllProjectMcpServers enableArtifact enableWorkflows enforceAvailableModels fastMode
fastModePerSessionOptIn fileCheckpointingEnabled forceRemoteSettingsRefresh idleCompaction
includeCoAuthoredBy includeGitInstructions inputNeededNotifEnabled isolatePeerMachines
precomputeCompactionEnabled prefersReducedMotion promptSuggestionEnabled remoteControlAtStartup
respectGitignore respondToBashCommands showClearContextOnPlanAccept showMessageTimestamps
showThinkingSummaries showTurnDuration skipAutoPermissionPrompt skipDangerousModePermissionPrompt
skipWebFetchPreflight spinnerTipsEnabled switchModelsOnFlag syncClaudeAiPlugins syncClaudeAiSkills
syntaxHighlightingDisabled terminalProgressBarEnabled terminalTitleFromRename todoFeatureEnabled
ultracode useAutoModeDuringPlan verbose voiceEnabled wheelScrollAccelerationEnabled
workflowKeywordTriggerEnabled wslInheritsWindowsSettings`},
		{`0`, `
autoCompactWindow bashOutputMaxChars cleanupPeriodDays desktopSessionCleanupPeriodDays
feedbackSurveyRate maxProseWidth skillListingBudgetFraction skillListingMaxDescChars
taskOutputMaxChars`},
		{`t{`, `
attribution`},
		{`[`, `
allowedChannelPlugins allowedHttpHookUrls allowedMarketplaces allowedMcpServers allowedProviders
appendPlugins availableModels blockedMarketplaces claudeMdExcludes companyAnnouncements
deniedMcpServers deniedModels disabledMcpjsonServers enabledMcpjsonServers fallbackModel
footerLinksRegexes gatewayInternalNetworks httpHookAllowedEnvVars pluginSuggestionMarketplaces
prependPlugins sshConfigs sshHostCommands strictKnownMarketplaces`},
		{`t[`, `
strictPluginOnlyCustomization`},
		{`"[`, `
forceLoginOrgUUID`},
	}
}

// settingKind returns the kinds that the setting called name may be of, "" for
// an unknown setting.
func settingKind(name string) string {
	for _, row := range settingKinds() {
		for known := range strings.FieldsSeq(row[1]) {
			if known == name {
				return row[0]
			}
		}
	}
	return ""
}

// kindWords names kinds for messages.
func kindWords(kinds string) string {
	var words []string
	for _, k := range []byte(kinds) {
		words = append(words, map[byte]string{'t': "a boolean", '"': "a string", '0': "a number", '[': "an array", '{': "an object"}[k])
	}
	return strings.Join(words, " or ")
}
