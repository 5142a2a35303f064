using JasperFx.Events.Projections;
using Marten;
using Vigil.Hosting;

namespace Vigil.Publishing.Editions;

public static class Editions
{
    public const string Path = "/api/publishing/v1/editions";

    public static void Register(StoreOptions store)
    {
        store.Named<EditionSet>("edition.set.v1");
        store.Projections.Snapshot<Edition>(SnapshotLifecycle.Inline);
        store.Projections.Add(new EditionSites(), ProjectionLifecycle.Inline, "edition-sites", o => o.DeleteViewTypeOnTeardown<EditionSite>());
        store.Schema.For<EditionSite>();
        store.Schema.For<EditionHost>().Index(h => h.Edition);
    }

    public static void MapEditions(this WebApplication app)
    {
        var editions = app.MapGroup(Path);
        SetEdition.Map(editions);
        ListEditions.Map(editions);
    }
}
