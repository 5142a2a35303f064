using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Vigil.Identity.Database;

namespace Vigil.Rules.Tests.Hosting;

/// <summary>A migration only adds, so that the version of before runs beside it.</summary>
public class MigrationTests
{
    [Theory]
    [InlineData("alter table authoring.mt_doc_article drop column updated;")]
    [InlineData("create table a.b (c int);\nALTER TABLE a.b\n  DROP\tCONSTRAINT pk;")]
    [InlineData("DROP TABLE IF EXISTS notification.deliveries CASCADE;")]
    [InlineData("drop index concurrently authoring.idx;")]
    [InlineData("drop index if exists publishing.mt_doc_publicarticle_uidx_editionslug;")]
    [InlineData("drop schema authoring;")]
    [InlineData("alter table a.b alter column c type bigint using c::bigint;")]
    [InlineData("alter table a.b alter column c set data type bigint;")]
    [InlineData("truncate a.b;")]
    [InlineData("delete from a.b where c;")]
    public void What_loses_something_is_found(string sql) => Assert.Single(Vigil.Hosting.Migration.Destructive(sql));

    [Theory]
    [InlineData("")]
    [InlineData("alter table authoring.mt_doc_article add column updated timestamptz; create index backdrop on a.b (c);")]
    [InlineData("drop function if exists authoring.mt_upsert_article(jsonb); create or replace function authoring.mt_upsert_article(doc jsonb) returns uuid;")]
    [InlineData("alter table a.b alter column c set default 1;")]
    [InlineData("drop index if exists publishing.mt_doc_listing_idx_published; drop index concurrently publishing.mt_doc_listing_idx_list;")]
    public void What_adds_is_let_through(string sql) => Assert.Empty(Vigil.Hosting.Migration.Destructive(sql));

    [Fact]
    public void No_migration_of_accounts_loses_anything()
    {
        using var scope = Part.Identity.Services.CreateScope();
        var db = scope.ServiceProvider.GetRequiredService<IdentityDatabase>();
        Assert.NotEmpty(db.Database.GetMigrations());
        Assert.Empty(Database.Losses(db, db.Database.GetMigrations()));
    }

    [Fact]
    public void One_that_does_is_reported()
    {
        using var db = new Losing();
        Assert.Equal(["20260101000000_Lose: DropColumnOperation", "20260101000000_Lose: DropTableOperation", "20260101000000_Lose: AlterColumnOperation"],
            Database.Losses(db, db.Database.GetMigrations()));
    }

    sealed class Losing : DbContext
    {
        protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) => optionsBuilder.UseNpgsql("Host=nowhere.invalid");
    }

    [Microsoft.EntityFrameworkCore.Infrastructure.DbContext(typeof(Losing)), Migration("20260101000000_Lose")]
    sealed class Lose : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>("New", "Accounts", nullable: true);
            migrationBuilder.DropColumn("Roles", "Accounts");
            migrationBuilder.DropTable("Keys");
            migrationBuilder.AlterColumn<long>("Count", "Accounts", oldClrType: typeof(int));
        }
    }
}
