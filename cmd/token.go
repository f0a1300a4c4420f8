package cmd

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"resume-matcher/config"
	"resume-matcher/models"
	"resume-matcher/services/access"
	"resume-matcher/services/schema"
)

// maxTokenDays is ten years.
const maxTokenDays = 3650

// newTokenCommand manages credentials for scripts and services.
func newTokenCommand(a *app) *cobra.Command {
	command := &cobra.Command{
		Use:   "token",
		Short: "Make, list and revoke API tokens",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	command.AddCommand(newTokenCreateCommand(a), newTokenListCommand(a), newTokenRevokeCommand(a))
	return command
}

const tokenCreateLong = `Make an API token for Authorization: Bearer, and print it.

It is printed this once: only its hash is stored. The scope read is for GET requests, write for all others too, and admin
also for what concerns the whole server. The token acts in one workspace, by default that of a server without sessions.`

func newTokenCreateCommand(a *app) *cobra.Command {
	var request access.TokenRequest
	var scope string
	var days int
	command := &cobra.Command{
		Use:   "create",
		Short: "Make an API token and print it, this once",
		Long:  tokenCreateLong,
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := oneOf("scope", scope, "read", "write", "admin"); err != nil {
				return err
			}
			if days < 0 || days > maxTokenDays {
				return &exitError{exitUsage, fmt.Errorf("--days must be from 0 to %d", maxTokenDays)}
			}
			request.Scope, request.Lifetime = models.TokenScope(scope), time.Duration(days)*24*time.Hour
			return withTokens(c.Context(), a, func(ctx context.Context, tokens *access.Tokens) error {
				token, row, err := tokens.Create(ctx, request)
				if err != nil {
					return err
				}
				// The token stands alone on standard output, for scripts that keep it.
				fmt.Fprintln(a.out, token)
				fmt.Fprintf(a.err, "Keep it now: it can't be shown again. To end it: resume-matcher token revoke %s\n", row.ID)
				return nil
			})
		},
	}
	command.Flags().StringVar(&request.Name, "name", "", "what the token is for")
	command.Flags().StringVar(&scope, "scope", "read", "read, write or admin")
	command.Flags().StringVar(&request.WorkspaceID, "workspace", models.DefaultWorkspaceID, "id of the workspace it acts in")
	command.Flags().IntVar(&days, "days", 0, "days it is good for; 0 until it is revoked")
	// It fails only for a flag that is not defined.
	_ = command.MarkFlagRequired("name")
	return command
}

func newTokenListCommand(a *app) *cobra.Command {
	var workspace, format string
	command := &cobra.Command{
		Use:   "list",
		Short: "List API tokens, newest first, without the tokens themselves",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := oneOf("format", format, "text", "json"); err != nil {
				return err
			}
			return withTokens(c.Context(), a, func(ctx context.Context, tokens *access.Tokens) error {
				rows, err := tokens.List(ctx, workspace)
				if err != nil {
					return err
				}
				if format == "json" {
					return writeJSON(a.out, rows)
				}
				return printTokens(a.out, rows, time.Now())
			})
		},
	}
	command.Flags().StringVar(&workspace, "workspace", "", "id of a workspace (default: all)")
	command.Flags().StringVar(&format, "format", "text", "text or json")
	return command
}

func newTokenRevokeCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "revoke ID",
		Short: "End an API token at once and for good",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return withTokens(c.Context(), a, func(ctx context.Context, tokens *access.Tokens) error {
				if err := tokens.Revoke(ctx, args[0]); err != nil {
					return err
				}
				fmt.Fprintln(a.out, "The token is revoked.")
				return nil
			})
		},
	}
}

// withTokens gives work the tokens of the configured database, whose schema must be up to date.
func withTokens(ctx context.Context, a *app, work func(context.Context, *access.Tokens) error) error {
	cfg, err := a.load()
	if err != nil {
		return err
	}
	if cfg.Database.Dialect == config.SQLite && !exists(cfg.Database.Path) {
		return &exitError{exitUsage, fmt.Errorf("there is no database %s yet. Run: resume-matcher migrate up", cfg.Database.Path)}
	}
	db, err := openDatabase(ctx, cfg.Database, nil)
	if err != nil {
		return &exitError{exitUsage, err}
	}
	defer models.Close(db)
	pool, err := db.DB()
	if err != nil {
		return err
	}
	pending, err := schema.Pending(ctx, pool, models.Dialect(cfg.Database.Dialect))
	if err != nil {
		return &exitError{exitUsage, err}
	}
	if len(pending) > 0 {
		return &exitError{exitUsage, models.NewError(models.KindSchemaNotReady,
			"The database lacks "+counted(len(pending), "migration")+". Run: resume-matcher migrate up")}
	}
	return work(ctx, access.NewTokens(db, time.Now))
}

// printTokens writes one line a token.
func printTokens(w io.Writer, rows []models.APIToken, now time.Time) error {
	if len(rows) == 0 {
		fmt.Fprintln(w, "There are no API tokens. Make one with: resume-matcher token create")
		return nil
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "id\tname\tscope\tworkspace\tcreated\tlast used\tstate")
	for _, row := range rows {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", row.ID, strconv.Quote(row.Name), row.Scope, row.WorkspaceID,
			row.CreatedAt.Format(time.DateOnly), dateOr(row.LastUsedAt, "never"), tokenState(row, now))
	}
	return table.Flush()
}

func tokenState(row models.APIToken, now time.Time) string {
	switch {
	case row.RevokedAt != nil:
		return "revoked " + row.RevokedAt.Format(time.DateOnly)
	case row.ExpiresAt == nil:
		return "good until revoked"
	case row.ExpiresAt.After(now):
		return "good until " + row.ExpiresAt.Format(time.DateOnly)
	}
	return "expired " + row.ExpiresAt.Format(time.DateOnly)
}

func dateOr(t *time.Time, none string) string {
	if t == nil {
		return none
	}
	return t.Format("2006-01-02 15:04")
}
