using Marten;
using Vigil.Contracts.Publishing;
using Vigil.Hosting;

namespace Vigil.Notification.Editions;

/// <summary>The public sites that mails are sent for, as Publishing announces them.</summary>
public static class Editions
{
    public static void Register(StoreOptions store) => store.Schema.For<Edition>().UseNumericRevisions(true);

    public static Queue[] Queues => [new Queue("editions").On<EditionChanged>(m => Uuid.From(m.Key), LearnEdition.Handle)];
}
