package cmd

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"resume-matcher/config"
	"resume-matcher/services/tasks"
)

func newWorkerCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "worker",
		Short: "Do the work behind the requests, without serving any",
		Long: "Do deferred uploads and periodic work until stopped, for the servers that share the database.\n" +
			"Any number of workers may run. TASK_WORKERS is how many tasks one does at the same time.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return withApplication(c.Context(), a, workerTasks, a.runWorker)
		},
	}
}

// workerTasks give running tasks the whole time to stop, less what it takes to hand them back. A worker works whatever
// DISABLE_BACKGROUND_TASKS says of servers.
func workerTasks(cfg *config.Config) tasks.Options {
	return tasks.Options{Workers: cfg.Background.Workers, Grace: max(cfg.Server.ShutdownTimeout-handBackTime, cfg.Server.ShutdownTimeout/2)}
}

// handBackTime is ample for storing that some tasks have not ended.
const handBackTime = 2 * time.Second

func (a *app) runWorker(ctx context.Context, cfg *config.Config, log *slog.Logger, p *application) error {
	pages, err := p.workerPages(a.version, log)
	if err != nil {
		return err
	}
	admin, err := startAdmin(ctx, cfg.Observe.AdminAddress, pages, log)
	if err != nil {
		return err
	}
	defer admin.stop()
	log.Info("working", "tasks_at_once", cfg.Background.Workers, "database", cfg.Database.Dialect)
	var works sync.WaitGroup
	for _, work := range []func(context.Context){p.watch.Watch, p.Usage.Run, p.Health.Run, p.Tasks.Run} {
		works.Go(func() { work(ctx) })
	}
	<-ctx.Done()
	log.Info("stopping: finishing the tasks under way", "at_most", cfg.Server.ShutdownTimeout.String())
	works.Wait()
	log.Info("stopped")
	return nil
}
